import {
  CircuitOpenError,
  ClosedError,
  InvalidOptionError,
  RateLimitedError,
  withPolicies,
} from "@quintet/core";
import { type VirtualClock, virtualClock } from "@quintet/core/kit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { held, listeners, reason, reasonOf, stateOf, turn } from "../../test/stage.ts";
import { attemptsOf, eventLoop, retry, type RetryOptions } from "../index.ts";

const error = new Error("failed");
const today = Date.UTC(2026, 0, 1);

/** Fails so many times, each time with another error. */
function failing(times: number): { (): Promise<string>; calls: number } {
  const call = Object.assign(
    async () => {
      if (++call.calls <= times) throw new Error(`no. ${call.calls}`);
      return "done";
    },
    { calls: 0 },
  );
  return call;
}

/** Runs to its end, however long it waits, and tells when each call was made. */
async function timesOf(
  options: RetryOptions,
  fail: (attempt: number) => unknown = () => error,
): Promise<{ times: number[]; end: unknown; clock: VirtualClock }> {
  const clock = virtualClock(today);
  const times: number[] = [];
  const call = withPolicies(
    (_input: undefined, { attempt }) => {
      times.push(clock.now());
      throw fail(attempt);
    },
    retry({ clock, ...options }),
  );
  const ended = call().catch((thrown: unknown) => thrown);
  await clock.advance(1e9);
  return { times, end: await ended, clock };
}

const exact = { jitter: "none" } as const;

describe("attempts", () => {
  it("are counted as calls: three are three", async () => {
    const call = failing(9);
    await expect(
      withPolicies(call, retry({ attempts: 3, backoff: { base: 0 } }))(),
    ).rejects.toThrow("no. 3");
    expect(call.calls).toBe(3);
  });

  it("are three where nothing is said, and one is none but the first", async () => {
    expect((await timesOf({})).times).toHaveLength(3);
    expect((await timesOf({ attempts: 1 })).times).toEqual([0]);
  });

  it("end with the first success", async () => {
    const call = failing(2);
    expect(await withPolicies(call, retry({ attempts: 9, backoff: { base: 0 } }))()).toBe("done");
    expect(call.calls).toBe(3);
  });

  it("are counted up from the one that the caller names", async () => {
    const seen: number[] = [];
    const call = withPolicies(
      (_input: undefined, { attempt }) => {
        seen.push(attempt);
        throw error;
      },
      retry({ attempts: 3, backoff: { base: 0 } }),
    );
    await expect(call(undefined, { attempt: 4 })).rejects.toBe(error);
    expect(seen).toEqual([4, 5, 6]);
    expect(attemptsOf(error).map(({ attempt }) => attempt)).toEqual([4, 5, 6]);
  });

  it("may be without end, which an abort ends", async () => {
    const controller = new AbortController();
    let calls = 0;
    const call = withPolicies(
      () => {
        if (++calls === 1000) controller.abort(reason);
        throw error;
      },
      retry({ attempts: Infinity, backoff: { base: 0 } }),
    );
    await expect(call(undefined, { signal: controller.signal })).rejects.toBe(error);
    expect(calls).toBe(1000);
    const kept = attemptsOf(error);
    expect([kept.length, kept[0]?.attempt, kept.at(-1)?.attempt]).toEqual([100, 901, 1000]);
  });

  it("without end and without a wait let timers run", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const endless = withPolicies(
      () => {
        throw error;
      },
      retry({ attempts: Infinity, backoff: { base: 0 } }),
    );
    setImmediate(() => controller.abort(reason));
    expect([reason, error]).toContain(await reasonOf(endless(undefined, { signal })));
  });

  it("count a function that throws instead of rejecting, and falsy errors", async () => {
    expect((await timesOf({ attempts: 2 }, () => null)).end).toBe(null);
    expect((await timesOf({ attempts: 2 }, () => 0)).times).toHaveLength(2);
  });
});

describe("the error", () => {
  it("is the last one itself, and carries all attempts", async () => {
    const call = withPolicies(failing(9), retry({ attempts: 3, backoff: { ...exact, base: 1 } }));
    const last = await reasonOf(call());
    expect(last).toMatchObject({ message: "no. 3" });
    expect(attemptsOf(last)).toMatchObject([
      { attempt: 1, error: { message: "no. 1" }, delay: 1 },
      { attempt: 2, error: { message: "no. 2" }, delay: 2 },
      { attempt: 3, error: { message: "no. 3" }, stopped: "attempts" },
    ]);
    expect(attemptsOf(last).at(-1)?.error).toBe(last);
  });

  it("may be frozen; what is no object carries nothing", async () => {
    const frozen = Object.freeze(new Error("frozen"));
    const { end } = await timesOf({ attempts: 2 }, () => frozen);
    expect(end).toBe(frozen);
    expect(attemptsOf(frozen)).toHaveLength(2);
    for (const other of ["text", null, undefined, 5, new Error("another")])
      expect(attemptsOf(other)).toEqual([]);
  });
});

describe("backoff", () => {
  it("doubles from 100 ms on up to its cap", async () => {
    const { times } = await timesOf({ attempts: 7, backoff: { ...exact, cap: 1000 } });
    expect(times).toEqual([0, 100, 300, 700, 1500, 2500, 3500]);
  });

  it("takes a base and a factor, or a function of the failures", async () => {
    const backoff = { ...exact, base: 10, factor: 3 };
    expect((await timesOf({ attempts: 4, backoff })).times).toEqual([0, 10, 40, 130]);
    const seen: unknown[] = [];
    const own = (failed: number, thrown: unknown): number => {
      seen.push(thrown);
      return failed * 7;
    };
    expect((await timesOf({ attempts: 3, backoff: own })).times).toEqual([0, 7, 21]);
    expect(seen).toEqual([error, error]);
  });

  it.each([
    ["full", [0, 50, 99]],
    ["half", [50, 75, 99.5]],
    ["none", [100, 100, 100]],
  ] as const)("with %s jitter leaves that much to chance", async (jitter, delays) => {
    for (const [index, random] of [0, 0.5, 0.99].entries()) {
      const backoff = { jitter, random: () => random };
      const { times } = await timesOf({ attempts: 2, backoff });
      expect(times[1]).toBeCloseTo(delays[index] ?? Number.NaN);
    }
  });

  it("is never less than nothing, more than its cap or no number, in 10,000 attempts", async () => {
    const { exponential } = await import("./backoff.ts");
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        fc.oneof(fc.constant(Infinity), fc.double({ min: 0, max: 1e9, noNaN: true })),
        fc.constantFrom("full", "half", "none"),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 10_000 }),
        (base, factor, cap, jitter, random, failed) => {
          const delays = exponential({
            base,
            factor,
            cap,
            jitter: jitter as "full",
            random: () => random,
          });
          const most = Math.min(cap, base * factor ** (failed - 1) || 0);
          for (const delay of [delays.delay(failed, error), delays.spread(failed)]) {
            expect(delay).toBeGreaterThanOrEqual(0);
            expect(delay).toBeLessThanOrEqual(most * (1 + 1e-12));
            expect(delay).toBeLessThan(Infinity);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("keeps a delay past 2^31 ms", async () => {
    const clock = virtualClock();
    const call = failing(1);
    const wait = 2 ** 40;
    const result = withPolicies(call, retry({ clock, backoff: () => wait }))();
    await clock.advance(wait - 1);
    expect(call.calls).toBe(1);
    await clock.advance(1);
    expect(await result).toBe("done");
  });

  it.each([Number.NaN, -1])(
    "of %d ms is refused, and says which error it was for",
    async (wait) => {
      const { end, times } = await timesOf({ backoff: () => wait });
      expect(end).toBeInstanceOf(InvalidOptionError);
      expect(end).toMatchObject({ cause: error });
      expect(times).toHaveLength(1);
    },
  );
});

describe("when", () => {
  it("decides, also later, and hears the error and the attempt", async () => {
    const heard: unknown[] = [];
    const when = async (thrown: unknown, attempt: number): Promise<boolean> => {
      heard.push([thrown, attempt]);
      return attempt < 2;
    };
    expect((await timesOf({ attempts: 9, when })).end).toBe(error);
    expect(heard).toEqual([
      [error, 1],
      [error, 2],
    ]);
    expect(attemptsOf(error).at(-1)).toMatchObject({ stopped: "when" });
  });

  it("that throws rejects with that", async () => {
    const when = (): never => {
      throw reason;
    };
    expect((await timesOf({ when })).end).toBe(reason);
  });

  it("leaves alone by itself what would come again, and nothing else", async () => {
    const refused = new CircuitOpenError("open", { retryAfter: 5 });
    for (const lasting of [new ClosedError("closed"), new InvalidOptionError("no"), refused])
      expect((await timesOf({}, () => lasting)).times).toHaveLength(1);
    for (const other of [new TypeError("no"), new RateLimitedError("later", { retryAfter: 5 })])
      expect((await timesOf({}, () => other)).times).toHaveLength(3);
  });
});

describe("Retry-After", () => {
  const backoff = { ...exact, base: 100 };
  const second = async (options: RetryOptions, fail?: () => unknown): Promise<number | undefined> =>
    (await timesOf({ attempts: 2, backoff, ...options }, fail)).times[1];

  it("of 2 s beats a backoff of 100 ms, and 20 ms does so too", async () => {
    expect(await second({ retryAfter: () => 2000 })).toBe(2000);
    expect(await second({ retryAfter: () => 20 })).toBe(20);
  });

  it.each([
    ["2", 2000],
    [" 120 ", 120_000],
    ["0", 0],
    [new Date(today + 5000).toUTCString(), 5000],
    [new Date(today - 5000).toUTCString(), 0],
    [new Date(today + 7000), 7000],
    [-5, 0],
  ])("is read from %s", async (value, delay) => {
    expect(await second({ retryAfter: () => value })).toBe(delay);
  });

  it.each(["", "soon", "-5", "1e3", null, undefined, Number.NaN, new Date("no")])(
    "that says %s says nothing",
    async (value) => {
      expect(await second({ retryAfter: () => value })).toBe(100);
    },
  );

  it("is waited out, and a part of the backoff is added by chance", async () => {
    for (const jitter of ["full", "half"] as const) {
      const spread = { jitter, random: () => 0.5 };
      expect(await second({ backoff: spread, retryAfter: () => 2000 })).toBe(2050);
    }
  });

  it("is taken from our own errors", async () => {
    const limited = new RateLimitedError("later", { retryAfter: 1234 });
    expect(await second({}, () => limited)).toBe(1234);
  });
});

describe("within", () => {
  it("starts no attempt after it, and does not wait for one that it would not start", async () => {
    const backoff = { ...exact, base: 100 };
    const { times, end } = await timesOf({ attempts: 9, backoff, within: 500 });
    expect(times).toEqual([0, 100, 300]);
    expect(attemptsOf(end).at(-1)).toMatchObject({ stopped: "within" });
  });

  it("ends a call whose next attempt would never start, instead of letting it hang", async () => {
    const result = withPolicies(failing(1), retry({ retryAfter: () => Infinity }))();
    const end = await reasonOf(result);
    expect(attemptsOf(end)).toMatchObject([{ stopped: "within" }]);
  });

  it("counts the time of the attempts too", async () => {
    const clock = virtualClock();
    const call = held();
    const result = withPolicies(
      call,
      retry({ clock, within: 50, backoff: { ...exact, base: 10 } }),
    )(undefined);
    await clock.advance(45);
    call.calls[0]?.reject(error);
    await expect(result).rejects.toBe(error);
    expect(clock.pending).toBe(0);
  });
});

describe("an abort", () => {
  it("before the start calls nothing", async () => {
    const call = failing(0);
    const signal = AbortSignal.abort(null);
    expect(await reasonOf(withPolicies(call, retry())(undefined, { signal }))).toBe(null);
    expect(call.calls).toBe(0);
  });

  it("during the backoff rejects in the same tick with the reason, and leaves nothing", async () => {
    const clock = virtualClock();
    const call = failing(9);
    const controller = new AbortController();
    const { signal } = controller;
    const result = withPolicies(call, retry({ clock }))(undefined, { signal });
    await turn();
    expect([clock.pending, listeners(signal)]).toEqual([1, 1]);
    controller.abort(reason);
    expect([clock.pending, listeners(signal)]).toEqual([0, 0]);
    await expect(result).rejects.toBe(reason);
    await clock.advance(1e9);
    expect(call.calls).toBe(1);
  });

  it("during an attempt is for that to end; there is no other", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = held({ deaf: true });
    const result = withPolicies(call, retry({ attempts: 9 }))(1, { signal });
    controller.abort(reason);
    expect(await stateOf(result)).toBe("pending");
    call.calls[0]?.reject(error);
    await expect(result).rejects.toBe(error);
    expect(call.calls).toHaveLength(1);
  });

  it("gives its reason where the function's error only says that it was aborted", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = held({ deaf: true });
    const result = withPolicies(call, retry())(1, { signal });
    controller.abort(reason);
    call.calls[0]?.reject(new DOMException("This operation was aborted", "AbortError"));
    await expect(result).rejects.toBe(reason);
  });

  it("is told by the signal and not by a name", async () => {
    const aborted = new DOMException("no", "AbortError");
    const { end, times } = await timesOf({}, () => aborted);
    expect(times).toHaveLength(3);
    expect(end).toBe(aborted);
  });

  it("by `when` or `onRetry` is seen before the wait", async () => {
    for (const option of ["when", "onRetry", "retryAfter"] as const) {
      const clock = virtualClock();
      const controller = new AbortController();
      const { signal } = controller;
      const call = failing(9);
      const abort = (): never => {
        controller.abort(reason);
        return true as never;
      };
      const result = withPolicies(call, retry({ clock, [option]: abort }))(undefined, { signal });
      expect(await reasonOf(result)).toBe(reason);
      expect([option, call.calls, clock.pending]).toEqual([option, 1, 0]);
    }
  });
});

it("does not wait for a `when` that takes its time once it is aborted", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const asked = Promise.withResolvers<boolean>();
  const result = withPolicies(failing(9), retry({ when: () => asked.promise }))(undefined, {
    signal,
  });
  await turn();
  controller.abort(reason);
  await expect(result).rejects.toBe(reason);
  expect(listeners(signal)).toBe(0);
  asked.reject(error); // and nothing is unhandled
  await turn();
});

it("tells of each wait, and an error from that ends the call", async () => {
  const told: unknown[] = [];
  const backoff = { ...exact, base: 5 };
  await timesOf({ backoff, onRetry: (failed) => told.push(failed) });
  expect(told).toEqual([
    { attempt: 1, error, delay: 5 },
    { attempt: 2, error, delay: 10 },
  ]);
  const onRetry = (): never => {
    throw reason;
  };
  expect((await timesOf({ onRetry })).end).toBe(reason);
});

it("makes a stream again until it has yielded, and gives its error at once from then on", async () => {
  const clock = virtualClock();
  const executor = withPolicies(eventLoop(), retry({ attempts: 5, clock, backoff: { base: 0 } }));
  let calls = 0;
  const stream = executor.stream(function* () {
    if (++calls < 3) throw error;
    yield calls;
    throw error;
  });
  expect(await stream.next()).toEqual({ done: false, value: 3 });
  await expect(stream.next()).rejects.toBe(error);
  expect(calls).toBe(3);
  expect(attemptsOf(error).at(-1)).toMatchObject({ attempt: 3, stopped: "spent" });
  await executor.close();
});

it("holds nothing but the call while nothing fails", async () => {
  const clock = virtualClock();
  const { signal } = new AbortController();
  const call = held();
  const result = withPolicies(call, retry({ clock }))(1, { signal });
  expect([clock.pending, listeners(signal)]).toEqual([0, 1]); // the function's own
  expect(call.calls[0]?.signal).toBe(signal);
  call.calls[0]?.resolve("done");
  expect(await result).toBe("done");
});

it.each([
  { attempts: 0 },
  { attempts: 1.5 },
  { backoff: 5 },
  { backoff: { factor: 0.5 } },
  { backoff: { base: -1 } },
  { backoff: { jitter: "some" } },
  { backoff: { bass: 1 } },
  { within: -1 },
  { when: true },
  { retries: 3 },
])("refuses %j", (options) => {
  expect(() => retry(options as never)).toThrow(InvalidOptionError);
});

it("aborted at whatever moment, settles, leaves nothing, and calls no more", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 400 }),
      fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 4, maxLength: 4 }),
      async (at, lengths) => {
        const clock = virtualClock();
        const controller = new AbortController();
        const { signal } = controller;
        let calls = 0;
        const call = withPolicies(
          async (_input: undefined, about) => {
            const length = lengths[calls++] ?? 0;
            await new Promise<void>((resolve, reject) => {
              const timer = clock.after(length, resolve);
              about.signal.addEventListener("abort", () => {
                timer.cancel();
                reject(signal.reason);
              });
            });
            throw error;
          },
          retry({ clock, attempts: 4, backoff: { ...exact, base: 20 } }),
        );
        const result = call(undefined, { signal });
        clock.after(at, () => controller.abort(reason));
        const state = reasonOf(result);
        await clock.advance(1000);
        const end = lengths.reduce((sum, length) => sum + length, 20 + 40 + 80);
        const thrown = await state;
        // At the very end both are right: it depends on which timer was first.
        expect([at <= end && reason, at >= end && error]).toContain(thrown);
        expect(clock.pending).toBe(0);
      },
    ),
    { numRuns: 30 },
  );
}, 30_000);
