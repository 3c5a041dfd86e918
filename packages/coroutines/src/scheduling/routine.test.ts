import { AsyncLocalStorage } from "node:async_hooks";
import type { Ending } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { handClock } from "../../test/hand-clock.ts";
import { go } from "../by-hand/go.ts";
import type { SyncGenerator } from "./resume-generator.ts";
import { Routine, type RoutineOwner } from "./routine.ts";
import { Scheduler } from "./scheduler.ts";
import { TimeSlice } from "./time-slice.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;

const reason = { why: "enough" };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp(): {
  run: (generator: SyncGenerator, priority?: number, emit?: RoutineOwner["emit"]) => Started;
  clock: ReturnType<typeof handClock>;
} {
  const clock = handClock();
  const scheduler = new Scheduler(new TimeSlice(clock, 10));
  const run = (generator: SyncGenerator, priority = 0, emit?: RoutineOwner["emit"]): Started => {
    const { promise, resolve } = Promise.withResolvers<Ending>();
    const routine = new Routine(generator, scheduler, priority, { emit, ended: resolve });
    routine.start();
    return { routine, ending: promise };
  };
  return { run, clock };
}

interface Started {
  readonly routine: Routine;
  readonly ending: Promise<Ending>;
}

describe("routines", () => {
  it("take turns at each yield within a priority, and the higher priority goes first", async () => {
    const { run } = setUp();
    const log: string[] = [];
    function* steps(name: string): Steps {
      for (let step = 1; step <= 2; step++) {
        log.push(name + step);
        yield;
      }
    }
    const all = [run(steps("a")), run(steps("b")), run(steps("u"), 1), run(steps("c"))];
    expect(log).toEqual([]);
    await Promise.all(all.map(({ ending }) => ending));
    expect(log).toEqual(["u1", "u2", "a1", "b1", "c1", "a2", "b2", "c2"]);
  });

  it("use up one slice together, and go on in the next turn where they were", async () => {
    const { run, clock } = setUp();
    const log: string[] = [];
    function* steps(name: string): Steps {
      for (;;) {
        log.push(name);
        clock.spend(3);
        yield;
      }
    }
    const all = ["a", "b", "c"].map((name) => run(steps(name)));
    await Promise.resolve();
    expect(log.join("")).toBe("abca");
    await turn();
    expect(log.join("")).toMatch(/^abcabcab/);
    for (const { routine } of all) routine.cancel(reason);
    await Promise.all(all.map(({ ending }) => ending));
  });

  it("run with the async context of whoever made them", async () => {
    const { run } = setUp();
    const user = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    function* look(): Steps {
      seen.push(user.getStore());
      yield;
      seen.push(user.getStore());
      yield Promise.resolve();
      seen.push(user.getStore());
    }
    const all = ["a", "b"].map((name) => user.run(name, () => run(look())));
    await Promise.all(all.map(({ ending }) => ending));
    expect(seen).toEqual(["a", "b", "a", "b", "a", "b"]);
  });

  it("see their own context when somebody of another one ends them or throws into them", async () => {
    const { run } = setUp();
    const user = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    function* look(): Steps {
      try {
        yield new Promise(() => {});
      } finally {
        seen.push(user.getStore());
      }
    }
    const all = ["a", "b"].map((name) => user.run(name, () => run(look())));
    await turn();
    user.run("other", () => all[0]?.routine.cancel(reason));
    await turn();
    user.run("other", () => all[1]?.routine.throw(reason));
    await Promise.all(all.map(({ ending }) => ending));
    expect(seen).toEqual(["a", "b"]);
  });

  it("see their own context also when promises wake them by turns, together, and in a later slice", async () => {
    const user = new AsyncLocalStorage<string>();
    const wrong: unknown[] = [];
    const waits = [
      () => Promise.resolve(),
      () => new Promise(setImmediate),
      () => Promise.reject(new Error("down")),
      () => undefined,
    ];
    const coroutine = (name: string, priority: number): Promise<void> =>
      user.run(name, () =>
        go(
          function* () {
            for (let step = 0; step < 40; step++) {
              try {
                yield waits[(step * name.length) % waits.length]?.();
              } catch {
                // as it was meant to fail
              }
              if (user.getStore() !== name) wrong.push([name, step, user.getStore()]);
              const end = performance.now() + 0.5;
              while (performance.now() < end);
            }
          },
          { priority },
        ),
      );
    await Promise.all([coroutine("a", 0), coroutine("bcd", 0), coroutine("efghi", 1)]);
    expect(wrong).toEqual([]);
    expect(user.getStore()).toBeUndefined();
  });
});

it("whose owner throws when it has ended does not stop the others, and is not ended twice", async () => {
  const scheduler = new Scheduler(new TimeSlice(handClock(), 10));
  const heard: unknown[] = [];
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => heard.push(error));
  let told = 0;
  const ended = (): void => {
    told++;
    throw reason;
  };
  const other = Promise.withResolvers<Ending>();
  function* steps(): Steps {
    yield;
  }
  new Routine(steps(), scheduler, 0, { ended }).start();
  new Routine(steps(), scheduler, 0, { ended: other.resolve }).start();
  expect(await other.promise).toMatchObject({ ok: true });
  await turn();
  process.removeAllListeners("uncaughtException");
  for (const listener of listeners) process.on("uncaughtException", listener);
  expect([told, heard]).toEqual([1, [reason]]);
});

describe("a yielded promise", () => {
  it("is awaited: its value is what yield gives, its rejection is thrown there", async () => {
    const { run } = setUp();
    const { ending } = run(
      (function* (): Steps<unknown> {
        const one = yield Promise.resolve(1);
        try {
          yield Promise.reject(reason);
        } catch (error) {
          return [one, error];
        }
        return expect.unreachable();
      })(),
    );
    expect(await ending).toEqual({ ok: true, value: [1, reason] });
  });

  it("may be any thenable, also one that answers at once, twice or with an exception", async () => {
    const { run } = setUp();
    const thenable = (then: (answer: (value: unknown) => void) => void): PromiseLike<unknown> =>
      // oxlint-disable-next-line unicorn/no-thenable -- such things exist
      ({ then }) as PromiseLike<unknown>;
    const { ending } = run(
      (function* (): Steps<unknown> {
        const one = yield thenable((answer) => {
          answer(1);
          answer(2);
        });
        try {
          yield thenable(() => {
            throw reason;
          });
        } catch (error) {
          return [one, error];
        }
        return expect.unreachable();
      })(),
    );
    expect(await ending).toEqual({ ok: true, value: [1, reason] });
  });

  it("that answers after the wait was given up changes nothing", async () => {
    const { run } = setUp();
    const late = Promise.withResolvers<unknown>();
    const log: unknown[] = [];
    const { routine, ending } = run(
      (function* (): Steps {
        try {
          log.push(yield late.promise);
        } finally {
          log.push(yield Promise.resolve("cleaned"));
        }
      })(),
    );
    await turn();
    expect(routine.state).toBe("waiting");
    routine.cancel(reason);
    late.reject(new Error("nobody hears of it"));
    expect(await ending).toEqual({ ok: false, value: reason });
    expect(log).toEqual(["cleaned"]);
  });
});

describe("cancelling", () => {
  it("before the first step runs nothing of it", async () => {
    const { run } = setUp();
    const log: string[] = [];
    const { routine, ending } = run(
      (function* (): Steps {
        log.push("ran");
      })(),
    );
    routine.cancel(reason);
    expect(await ending).toEqual({ ok: false, value: reason });
    expect(log).toEqual([]);
  });

  it("hands over what has come already before it ends it, so that it is not lost", async () => {
    const { run } = setUp();
    const log: unknown[] = [];
    const permit = Promise.withResolvers<string>();
    const { routine, ending } = run(
      (function* (): Steps {
        const taken = yield permit.promise;
        try {
          log.push(`got ${taken as string}`);
          yield;
          log.push("never");
        } finally {
          log.push("gave back");
        }
      })(),
    );
    await turn();
    permit.resolve("permit");
    await permit.promise; // the routine is ready, and has made no step yet
    expect(routine.state).toBe("ready");
    routine.cancel(reason);
    expect(await ending).toEqual({ ok: false, value: reason });
    expect(log).toEqual(["got permit", "gave back"]);
  });

  it("ends one that only waits for its turn without another step", async () => {
    const { run } = setUp();
    const log: string[] = [];
    const all: Started[] = [];
    const started = run(
      (function* (): Steps {
        log.push("first");
        all[0]?.routine.cancel(reason);
        all[0]?.routine.cancel("later");
        yield Promise.reject(new Error("is not awaited, and not unhandled either"));
        log.push("never");
      })(),
    );
    all.push(started);
    expect(await started.ending).toEqual({ ok: false, value: reason });
    expect(log).toEqual(["first"]);
  });

  it("tells what finally throws, and lets it yield as often as it wants", async () => {
    const { run } = setUp();
    const { routine, ending } = run(
      (function* (): Steps {
        try {
          for (;;) yield new Promise(() => {});
        } finally {
          yield "an item that does not count";
          yield Promise.resolve();
          // oxlint-disable-next-line no-unsafe-finally -- that is what is tested
          throw new Error("in finally");
        }
      })(),
      0,
      () => expect.unreachable(),
    );
    await turn();
    routine.cancel(reason);
    expect(await ending).toMatchObject({ ok: false, value: { message: "in finally" } });
    routine.cancel(reason);
    routine.throw(reason);
  });

  it("comes when its consumer fails", async () => {
    const { run } = setUp();
    const log: string[] = [];
    function* items(): Steps {
      try {
        yield "item";
        log.push("never");
      } finally {
        log.push("finally");
      }
    }
    const throwing = run(items(), 0, () => {
      throw reason;
    });
    const rejecting = run(items(), 0, () => Promise.reject(reason));
    expect(await throwing.ending).toEqual({ ok: false, value: reason });
    expect(await rejecting.ending).toEqual({ ok: false, value: reason });
    expect(log).toEqual(["finally", "finally"]);
  });
});

describe("throwing into it", () => {
  it("reaches the yield it stands at, and it may go on", async () => {
    const { run } = setUp();
    const log: unknown[] = [];
    const { routine, ending } = run(
      (function* (): Steps<unknown> {
        try {
          yield new Promise(() => {});
        } catch (error) {
          log.push(error);
        }
        return "went on";
      })(),
    );
    await turn();
    routine.throw(reason);
    expect(await ending).toEqual({ ok: true, value: "went on" });
    expect(log).toEqual([reason]);
  });
});
