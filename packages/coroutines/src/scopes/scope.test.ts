import { getEventListeners } from "node:events";
import { type GroupContext, suppressed, taskGroup } from "@quintet/async";
import { ClosedError, InvalidOptionError } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { handClock } from "../../test/hand-clock.ts";
import { type Scope, scope, type ScopeOptions, sleep, wait } from "../index.ts";

const reason = { why: "enough" };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = (): Promise<never> => new Promise(() => {});

/** Waits for ever, and writes down that it was ended. */
function* waiting(log: string[], name: string): Generator<PromiseLike<unknown>, void, unknown> {
  try {
    yield* wait(never(), name);
  } finally {
    log.push(`${name} ended`);
  }
}

describe("a scope", () => {
  it("gives what its function gives, when the coroutines and tasks it spawned have ended", async () => {
    const log: string[] = [];
    const result = await scope(async (s) => {
      s.spawn(function* () {
        yield* wait(turn());
        log.push("coroutine");
      });
      s.spawn(async () => {
        await turn();
        await turn();
        log.push("task");
      });
      s.spawn(() => log.push("function"));
      s.defer(() => log.push("deferred first"));
      s.defer(function* () {
        yield* wait(turn());
        log.push("deferred last");
      });
      return "result";
    });
    expect(result).toBe("result");
    expect(log).toEqual(["function", "coroutine", "task", "deferred last", "deferred first"]);
  });

  it("may be a coroutine itself, which waits for those it spawned with yield*", async () => {
    const sum = await scope(function* (s) {
      const one = s.spawn(function* () {
        yield;
        return 1;
      });
      const other = s.spawn(async () => 2);
      return (yield* one) + (yield* other);
    });
    expect(sum).toBe(3);
  });

  it("fails with the first error, after the others were ended where they stand", async () => {
    const log: string[] = [];
    const failed = scope(async (s) => {
      s.spawn(() => waiting(log, "one"));
      s.spawn(function* () {
        try {
          yield* waiting(log, "other");
        } finally {
          yield* wait(turn());
          log.push("cleaned up");
          // oxlint-disable-next-line no-unsafe-finally -- that is what is tested
          throw new Error("in finally");
        }
      });
      s.spawn(function* () {
        yield* wait(turn());
        throw reason;
      });
    });
    await expect(failed).rejects.toBe(reason);
    expect(log).toEqual(["one ended", "other ended", "cleaned up"]);
    expect(suppressed(reason).map(String)).toEqual(["Error: in finally"]);
  });

  it("ends its coroutines when its function fails", async () => {
    const log: string[] = [];
    const failed = scope(function* (s) {
      s.spawn(() => waiting(log, "child"));
      yield* wait(turn());
      throw reason;
    });
    await expect(failed).rejects.toBe(reason);
    expect(log).toEqual(["child ended"]);
  });

  it("ends all when its signal aborts, and keeps no listener", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const log: string[] = [];
    const ended = scope(
      function* (s) {
        s.spawn(() => waiting(log, "child"));
        s.spawn(async ({ signal: own }: GroupContext) => {
          await new Promise((resolve) => own.addEventListener("abort", resolve));
          log.push("task ended");
        });
        yield* waiting(log, "own function");
      },
      { signal },
    );
    await turn();
    controller.abort(reason);
    await expect(ended).rejects.toBe(reason);
    expect(log.toSorted()).toEqual(["child ended", "own function ended", "task ended"]);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("can be cancelled, which is no failure, and so can one of its tasks", async () => {
    const log: string[] = [];
    const result = scope(async (s) => {
      const one = s.spawn(() => waiting(log, "one"));
      s.spawn(() => waiting(log, "two"));
      await turn();
      one.cancel(reason);
      await expect(one.result).rejects.toBe(reason);
      expect(one.state).toBe("cancelled");
      s.cancel();
      expect(s.signal.aborted && s.cancelled).toBe(true);
      expect(s.spawn(() => expect.unreachable()).state).toBe("cancelled");
      return "result";
    });
    expect(await result).toBe("result");
    expect(log).toEqual(["one ended", "two ended"]);
  });

  it("lets coroutines of a higher priority go first", async () => {
    const log: string[] = [];
    await scope(async (s) => {
      for (const priority of [0, 2, 1]) {
        s.spawn(
          function* () {
            yield;
            log.push(`priority ${priority}`);
          },
          { priority },
        );
      }
    });
    expect(log).toEqual(["priority 2", "priority 1", "priority 0"]);
  });

  it("starts nothing once it has ended", async () => {
    let left: Scope | undefined;
    await scope(async (s) => {
      left = s;
    });
    expect(() => left?.spawn(function* () {})).toThrow(ClosedError);
    expect(String(left?.inspect())).toBe("scope scope");
    await expect(scope(async () => {}, { parent: left })).rejects.toBeInstanceOf(ClosedError);
  });

  it.each<[string, unknown, unknown]>([
    ["what is no function", 5, {}],
    ["options that are none", async () => {}, 5],
    ["an option there is none of", async () => {}, { speed: 1 }],
    ["a parent that is no scope", async () => {}, { parent: {} }],
  ])("refuses %s", async (_what, call, options) => {
    const made = scope(call as () => void, options as ScopeOptions);
    await expect(made).rejects.toBeInstanceOf(InvalidOptionError);
  });

  it("refuses to spawn or defer what is no function", async () => {
    await scope(async (s) => {
      expect(() => s.spawn(5 as never)).toThrow(InvalidOptionError);
      expect(() => s.spawn(function* () {}, { nam: "x" } as never)).toThrow(InvalidOptionError);
      expect(() => s.defer(null as never)).toThrow(InvalidOptionError);
      expect(s.inspect().tasks).toHaveLength(1);
    });
  });

  it("names itself where an option is wrong, and where none is given", async () => {
    const options = { parent: null, limit: 0, signal: "no", extra: 1 } as const;
    for (const [name, value] of Object.entries(options)) {
      const refused = scope(never, { [name]: value });
      await expect(refused).rejects.toThrow(InvalidOptionError);
      await expect(refused).rejects.toThrow(new RegExp(`^scope\\(\\): .*${name}`));
    }
    await expect(scope(never, 7 as unknown as ScopeOptions)).rejects.toThrow(
      "scope(): options must be an object, got 7.",
    );
    expect(await scope((s) => s.name, { name: undefined })).toBe("scope");
  });
});

describe("scopes within scopes", () => {
  it("are bounded by the outer deadline, on the outer clock", async () => {
    const clock = handClock();
    const log: string[] = [];
    const outer = scope(
      function* (s) {
        yield* wait(
          scope(
            function* (inner) {
              expect(inner.deadline).toBe(s.deadline);
              inner.spawn(() => waiting(log, "inner"));
              yield* sleep(1_000_000);
            },
            { timeout: 5_000 },
          ),
        );
      },
      { clock, timeout: 100 },
    );
    const refused = outer.catch((error: unknown) => error);
    await clock.advance(100);
    expect(await refused).toMatchObject({ code: "TIMEOUT" });
    expect(log).toEqual(["inner ended"]);
    expect(clock.pending).toBe(0);
  });

  it("may have a nearer deadline, which the outer one outlives", async () => {
    const clock = handClock();
    const outer = scope(
      function* () {
        try {
          yield* wait(scope(() => sleep(1_000_000), { timeout: 10 }));
        } catch (error) {
          return error;
        }
        return "slept";
      },
      { clock, timeout: 100 },
    );
    await clock.advance(10);
    expect(await outer).toMatchObject({ code: "TIMEOUT" });
    expect(clock.pending).toBe(0);
  });

  it("never outlive the outer one, also where the coroutine that waits for them was ended", async () => {
    const log: string[] = [];
    await scope(async (s) => {
      const child = s.spawn(function* () {
        yield* wait(
          scope(async (inner) => {
            inner.defer(async () => {
              await turn();
              log.push("inner over");
            });
            inner.spawn(() => waiting(log, "grandchild"));
          }),
        );
      });
      await turn();
      child.cancel(reason);
    });
    log.push("outer over");
    expect(log).toEqual(["grandchild ended", "inner over", "outer over"]);
  });

  it("are within a scope by `parent` where no coroutine calls; groups by its group", async () => {
    const log: string[] = [];
    const outer = scope(async (s) => {
      s.spawn(async () =>
        scope((inner) => inner.spawn(() => waiting(log, "inner")).result, { parent: s }),
      );
      s.spawn(async () =>
        taskGroup(
          ({ signal }) =>
            new Promise<void>((resolve) => {
              signal.addEventListener("abort", () => {
                log.push("group ended");
                resolve();
              });
            }),
          { parent: s.group },
        ),
      );
      await turn();
      throw reason;
    });
    await expect(outer).rejects.toBe(reason);
    expect(log.toSorted()).toEqual(["group ended", "inner ended"]);
  });
});

describe("inspect", () => {
  it("draws the tree of what runs and what it waits for", async () => {
    const clock = handClock();
    let outer: Scope | undefined;
    const ended = scope(
      async function serve(s) {
        outer = s;
        s.spawn(function* reading() {
          yield* sleep(50);
          yield* wait(
            scope(
              function* merge(inner) {
                const part = inner.spawn(() => sleep(10_000), { name: "part" });
                inner.spawn(() => sleep(10_000), { name: "late" });
                yield* part;
              },
              { name: "pages", timeout: 200, limit: 1 },
            ),
            "the pages",
          );
        });
        s.spawn(async function answering() {
          await never();
        });
        s.spawn(function* () {
          yield never();
        });
        await never();
      },
      { clock, name: "server", grace: 1_000 },
    );
    await clock.advance(60);
    expect(String(outer?.inspect())).toBe(
      [
        "scope server",
        "├─ task serve: running, 60 ms old",
        "├─ coroutine reading: waits for the pages, 60 ms old",
        "│  └─ scope pages, 190 ms left",
        "│     ├─ coroutine merge: waits for task part, 10 ms old",
        "│     ├─ coroutine part: waits for sleep(10000), 10 ms old",
        "│     └─ task late: queued, 10 ms old",
        "├─ task answering: running, 60 ms old",
        "└─ coroutine task 1: waits for a promise, 60 ms old",
      ].join("\n"),
    );
    outer?.cancel(reason);
    await turn();
    const after = outer?.inspect();
    expect(after?.cancelled).toBe(true);
    expect(after?.tasks.map(({ name, cancelled }) => [name, cancelled])).toEqual([
      ["serve", true],
      ["answering", true],
    ]);
    const refused = ended.catch((error: unknown) => error);
    await clock.advance(1_000);
    expect(await refused).toMatchObject({ code: "TASKS_LEAKED" });
  });

  it("leaves out what was cancelled before it got a slot", async () => {
    await scope(
      async (s) => {
        const names = (): string[] => s.inspect().tasks.map(({ name }) => name);
        s.spawn(() => waiting([], "running"), { name: "running" });
        const queued = s.spawn(() => expect.unreachable(), { name: "queued" });
        s.spawn(() => expect.unreachable(), { name: "queued too" });
        expect(names()).toEqual(["body", "running", "queued", "queued too"]);
        queued.cancel(reason);
        expect(names()).toEqual(["body", "running", "queued too"]);
        s.cancel(reason);
        expect(names()).toEqual(["body", "running"]);
        await turn();
        expect(names()).toEqual(["body"]);
      },
      { limit: 1 },
    );
  });

  it("moves a scope that its task leaves behind to the scope of that task", async () => {
    let outer: Scope | undefined;
    const gate = Promise.withResolvers<void>();
    const ended = scope(async (s) => {
      outer = s;
      s.spawn(function* leaving() {
        void scope(async () => gate.promise, { name: "left behind" });
      });
    });
    await turn();
    expect(outer?.inspect().scopes.map(({ name }) => name)).toEqual(["left behind"]);
    gate.resolve();
    await ended;
    expect(outer?.inspect().scopes).toEqual([]);
  });
});
