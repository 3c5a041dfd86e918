import { getEventListeners } from "node:events";
import { InvalidOptionError } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { handClock } from "../../test/hand-clock.ts";
import { type CoroutineBody, go, sleep, spawn, type GoOptions, wait } from "../index.ts";

const reason = { why: "enough" };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("go", () => {
  it("gives what the coroutine returns, also by way of others, with their types", async () => {
    function* double(n: number): Generator<PromiseLike<number>, number, unknown> {
      return (yield* wait(Promise.resolve(n))) * 2;
    }
    const sum: number = await go(function* () {
      const text: string = yield* wait(Promise.resolve("a"));
      yield;
      return (yield* double(1)) + (yield* double(2)) + text.length;
    });
    expect(sum).toBe(7);
  });

  it("takes what only behaves like a generator", async () => {
    const log: unknown[] = [];
    const handmade: Generator<unknown, string, unknown> = {
      next(value) {
        log.push(value);
        if (log.length === 1) return { done: false, value: Promise.resolve("awaited") };
        return { done: true, value: "end" };
      },
      return: (value) => ({ done: true, value }),
      throw(error) {
        throw error;
      },
      [Symbol.iterator]: () => handmade,
      [Symbol.dispose]() {},
    };
    expect(await go(() => handmade)).toBe("end");
    expect(log).toEqual([undefined, "awaited"]);
  });

  it("rejects with what it throws, as it was", async () => {
    await expect(
      go(function* () {
        yield;
        throw reason;
      }),
    ).rejects.toBe(reason);
  });

  it.each<[string, unknown, unknown]>([
    ["a number", 5, {}],
    ["a function that gives no generator", () => 5, {}],
    ["an async generator", async function* () {}, {}],
    ["an option there is none of", function* () {}, { speed: 1 }],
    ["a priority that is no number", function* () {}, { priority: "high" }],
    ["a signal that is none", function* () {}, { signal: 5 }],
  ])("refuses %s", async (_what, body, options) => {
    await expect(go(body as CoroutineBody<void>, options as GoOptions)).rejects.toBeInstanceOf(
      InvalidOptionError,
    );
    expect(() => spawn(body as CoroutineBody<void>, options as GoOptions)).toThrow(
      InvalidOptionError,
    );
  });

  it("ends with the reason of its signal, and leaves no listener there", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const log: string[] = [];
    const ended = go(
      function* () {
        try {
          yield new Promise(() => {});
        } finally {
          log.push("finally");
        }
      },
      { signal },
    );
    await go(function* () {}, { signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    controller.abort(reason);
    await expect(ended).rejects.toBe(reason);
    expect(log).toEqual(["finally"]);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("runs nothing where its signal has aborted before", async () => {
    const log: string[] = [];
    const signal = AbortSignal.abort(0);
    const ended = go(
      function* () {
        log.push("ran");
      },
      { signal },
    );
    await expect(ended).rejects.toBe(0);
    expect(log).toEqual([]);
  });
});

describe("a coroutine that is spawned", () => {
  it("tells where it stands and what it waits for", async () => {
    const clock = handClock();
    const coroutine = spawn(
      function* fetching() {
        expect(coroutine.state).toBe("running");
        yield* sleep(100);
        yield Promise.resolve();
      },
      { clock },
    );
    expect([coroutine.name, coroutine.state]).toEqual(["fetching", "ready"]);
    await turn();
    expect([coroutine.state, coroutine.waitsFor]).toEqual(["waiting", "sleep(100)"]);
    await clock.advance(100);
    await coroutine.result;
    expect([coroutine.state, coroutine.waitsFor]).toEqual(["ended", undefined]);
  });

  it("can be waited for in another one", async () => {
    const child = spawn(function* () {
      yield;
      return 5;
    });
    expect(await go(() => child[Symbol.iterator]())).toBe(5);
    expect(
      await go(function* () {
        return (yield* child) + 1;
      }),
    ).toBe(6);
  });

  it("is ended by cancel, once, with its finally over when the result is there", async () => {
    const log: string[] = [];
    const coroutine = spawn(function* () {
      try {
        yield new Promise(() => {});
      } finally {
        yield* wait(turn());
        log.push("finally");
      }
    });
    await turn();
    coroutine.cancel(reason);
    coroutine.cancel("later");
    await expect(coroutine.result).rejects.toBe(reason);
    expect(log).toEqual(["finally"]);
    coroutine.cancel("after the end");
  });

  it("is ended at the end of its block", async () => {
    const log: string[] = [];
    {
      await using coroutine = spawn(function* () {
        try {
          for (;;) yield;
        } finally {
          log.push("finally");
        }
      });
      await turn();
      expect(coroutine.state).toBe("ready");
    }
    expect(log).toEqual(["finally"]);
  });

  it("that fails is an unhandled rejection when nobody asks, and none when it was cancelled", async () => {
    const heard: unknown[] = [];
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (error) => heard.push(error));
    try {
      spawn(function* () {
        throw reason;
      });
      spawn(function* () {
        yield;
      }).cancel();
      await turn();
      await turn();
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const listener of listeners) process.on("unhandledRejection", listener);
    }
    expect(heard).toEqual([reason]);
  });
});

describe("sleep", () => {
  it("takes the clock of its coroutine, and leaves no timer when that is ended", async () => {
    const clock = handClock();
    const coroutine = spawn(
      function* () {
        yield* sleep(50);
        yield* sleep(2 ** 40);
      },
      { clock },
    );
    await clock.advance(50);
    expect(clock.pending).toBe(1);
    coroutine.cancel(reason);
    await expect(coroutine.result).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });

  it.each([-1, Number.NaN, "5"])("refuses %s", async (time) => {
    await expect(go(() => sleep(time as number))).rejects.toBeInstanceOf(InvalidOptionError);
  });
});

describe("wait", () => {
  /** An operation that ends as it is told once its signal aborts. */
  const stoppable =
    (end: (signal: AbortSignal) => Promise<unknown>) =>
    async (signal: AbortSignal): Promise<unknown> => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return end(signal);
    };

  it("aborts what it began when the coroutine is ended meanwhile, and only then", async () => {
    const signals: AbortSignal[] = [];
    const coroutine = spawn(function* () {
      yield* wait(async (signal) => signals.push(signal));
      yield* wait((signal) => {
        signals.push(signal);
        return stoppable(() => Promise.reject(signal.reason))(signal);
      });
    });
    await turn();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    coroutine.cancel(reason);
    await expect(coroutine.result).rejects.toBe(reason);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
    expect(signals[1]?.reason).toBe(reason);
  });

  it("hands over what the stopped operation gives all the same, and only then ends", async () => {
    const log: unknown[] = [];
    const coroutine = spawn(function* () {
      try {
        log.push(yield* wait(stoppable(async () => "a permit")));
        yield;
        log.push("never");
      } finally {
        log.push("given back");
      }
    });
    await turn();
    coroutine.cancel(reason);
    coroutine.cancel("later");
    await expect(coroutine.result).rejects.toBe(reason);
    expect(log).toEqual(["a permit", "given back"]);
  });

  it("tells of an operation that fails otherwise when it is stopped, but not of an abort", async () => {
    const ended = async (end: () => Promise<unknown>): Promise<unknown> => {
      const coroutine = spawn(function* () {
        yield* wait(stoppable(end));
      });
      await turn();
      coroutine.cancel(reason);
      return coroutine.result.catch((error: unknown) => error);
    };
    const failure = new Error("cannot stop");
    expect(await ended(() => Promise.reject(failure))).toBe(failure);
    expect(await ended(() => Promise.reject(new DOMException("own", "AbortError")))).toBe(reason);
  });

  it("stops the operation for what is thrown into the coroutine as well", async () => {
    const coroutine = spawn(function* () {
      try {
        yield* wait(stoppable((signal) => Promise.reject(signal.reason)));
      } catch (error) {
        return error;
      }
      return "was not stopped";
    });
    await turn();
    coroutine.throw(reason);
    expect(await coroutine.result).toBe(reason);
  });

  it("puts where the coroutine stands below the stack of what it waited for", async () => {
    async function reading(): Promise<never> {
      await turn();
      throw new Error("no such file");
    }
    function* loading(): Generator<PromiseLike<never>, never, unknown> {
      return yield* wait(reading());
    }
    function* starting(): Generator<PromiseLike<never>, never, unknown> {
      return yield* loading();
    }
    const calling = async (): Promise<unknown> => await go(starting);
    const error = await calling().catch((thrown: unknown) => thrown);
    const places = [...((error as Error).stack ?? "").matchAll(/at (?:async )?(\w+)/g)].map(
      ([, place]) => place,
    );
    expect(places.slice(0, 4)).toEqual(["reading", "loading", "starting", "calling"]);
  });

  it("leaves what is no error, and what is frozen, as it was", async () => {
    for (const thrown of [null, 0, Object.freeze(new Error("frozen"))]) {
      const failing = go(function* () {
        yield* wait(Promise.reject(thrown));
      });
      await expect(failing).rejects.toBe(thrown);
    }
  });
});
