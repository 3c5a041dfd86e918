import { InvalidOptionError, isQuintetError, withPolicies } from "@quintet/core";
import { type Clock, virtualClock } from "@quintet/core/kit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { held, listeners, reason, reasonOf, turn, watched } from "../../test/stage.ts";
import { rateLimit, type RateLimitOptions } from "../index.ts";

const perSecond = (limit: number): { limit: number; interval: number } => ({
  limit,
  interval: 1000,
});

/** Starts so many calls at once, or so heavy ones, and tells when each began. */
async function startsOf(
  options: RateLimitOptions,
  inputs: readonly number[],
  length = 100_000,
): Promise<number[]> {
  const clock = virtualClock();
  const starts: number[] = [];
  const guarded = withPolicies(
    async (_input: number) => void starts.push(clock.now()),
    rateLimit({ clock, ...options }),
  );
  const all = inputs.map((input) => guarded(input));
  await clock.advance(length);
  await Promise.all(all);
  expect(clock.pending).toBe(0);
  return starts;
}

describe("the pace", () => {
  it("is even after a first burst", async () => {
    const starts = await startsOf({ ...perSecond(10), burst: 3 }, [1, 2, 3, 4, 5, 6]);
    expect(starts.map(Math.round)).toEqual([0, 0, 0, 100, 200, 300]);
  });

  it("allows as many at once as in an interval where no burst is named, also with a fraction", async () => {
    for (const limit of [1, 3, 7, 9]) {
      const starts = await startsOf(perSecond(limit), Array.from({ length: limit + 1 }, Number));
      const spacing = Math.round(1000 / limit);
      expect(starts.map(Math.round)).toEqual([...Array<number>(limit).fill(0), spacing]);
    }
  });

  it("gathers no more than a burst, however long nothing came", async () => {
    const clock = virtualClock();
    const call = held();
    const guarded = withPolicies(call, rateLimit({ ...perSecond(10), burst: 2, clock }));
    await clock.advance(1e9);
    for (let i = 0; i < 5; i++) void guarded(i);
    await turn();
    expect(call.calls).toHaveLength(2);
    await clock.advance(100);
    expect(call.calls).toHaveLength(3);
  });

  it("is one for all that one policy wraps", async () => {
    const clock = virtualClock();
    const policy = rateLimit({ ...perSecond(1), clock });
    const [a, b] = [held(), held()];
    void withPolicies(a, policy)(1);
    void withPolicies(b, policy)(2);
    await turn();
    expect([a.calls.length, b.calls.length]).toEqual([1, 0]);
    await clock.advance(1000);
    expect(b.calls.length).toBe(1);
  });
});

describe("a weight", () => {
  const weight = (input: number): number => input;

  it("counts for so many, and is not passed by lighter ones", async () => {
    const starts = await startsOf({ ...perSecond(10), burst: 3, weight }, [2, 3, 1]);
    expect(starts.map(Math.round)).toEqual([0, 200, 300]);
  });

  it.each([0, -1, 1.5, Number.NaN, 4, "1"])("of %s is refused at once", async (bad) => {
    const clock = virtualClock();
    const policy = rateLimit({ ...perSecond(10), burst: 3, weight, clock });
    const call = held();
    await expect(withPolicies(call, policy)(bad)).rejects.toBeInstanceOf(InvalidOptionError);
    void withPolicies(call, policy)(3);
    await turn();
    expect(call.calls).toHaveLength(1);
  });
});

describe("wait", () => {
  it("refuses at once what would wait longer, and says for how long", async () => {
    const clock = virtualClock();
    const call = held();
    const guarded = withPolicies(call, rateLimit({ ...perSecond(1), wait: 1500, clock }));
    void guarded("at once");
    void guarded("after a second");
    const refused = await reasonOf(guarded("after two"));
    expect(isQuintetError(refused, "RATE_LIMITED") && refused.retryAfter).toBe(2000);
    await clock.advance(1000);
    expect(call.calls.map(({ input }) => input)).toEqual(["at once", "after a second"]);
  });

  it("of nothing never waits", async () => {
    const clock = virtualClock();
    const guarded = withPolicies(held(), rateLimit({ ...perSecond(2), wait: 0, clock }));
    void guarded(1);
    void guarded(2);
    expect(await reasonOf(guarded(3))).toMatchObject({ code: "RATE_LIMITED", retryAfter: 500 });
    expect(clock.pending).toBe(0);
    await clock.advance(500);
    const later = guarded(4);
    await expect(Promise.race([later, turn()])).resolves.toBeUndefined();
  });
});

describe("an abort", () => {
  it("while it waits rejects at once, and those behind move up", async () => {
    const clock = virtualClock();
    const call = held();
    const guarded = withPolicies(call, rateLimit({ ...perSecond(1), clock }));
    const controller = new AbortController();
    const { signal } = controller;
    void guarded("a");
    const b = watched(guarded("b", { signal }));
    void guarded("c");
    await clock.advance(500);
    controller.abort(reason);
    expect([listeners(signal), clock.pending]).toEqual([0, 1]);
    await expect(b).rejects.toBe(reason);
    await clock.advance(500);
    expect(call.calls.map(({ input }) => input)).toEqual(["a", "c"]);
  });

  it("of the last one that waits takes the timer along", async () => {
    const clock = virtualClock();
    const guarded = withPolicies(held(), rateLimit({ ...perSecond(1), clock }));
    const controller = new AbortController();
    void guarded(1);
    const second = watched(guarded(2, { signal: controller.signal }));
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });

  it("between its turn and the call gives the turn on", async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const then = (call: () => void) => (): void => {
      call();
      controller.abort(reason);
    };
    const abortingClock: Clock = { ...clock, after: (wait, call) => clock.after(wait, then(call)) };
    const call = held();
    const guarded = withPolicies(call, rateLimit({ ...perSecond(1), clock: abortingClock }));
    void guarded("a");
    const b = watched(guarded("b", { signal: controller.signal }));
    void guarded("c");
    await clock.advance(1000);
    await expect(b).rejects.toBe(reason);
    expect(call.calls.map(({ input }) => input)).toEqual(["a", "c"]);
  });

  it("before the start takes nothing", async () => {
    const clock = virtualClock();
    const call = held();
    const guarded = withPolicies(call, rateLimit({ ...perSecond(1), clock }));
    const signal = AbortSignal.abort(reason);
    await expect(guarded(1, { signal })).rejects.toBe(reason);
    void guarded(2);
    await turn();
    expect(call.calls).toHaveLength(1);
  });
});

it("does not stall when its clock is set back", async () => {
  const timers = virtualClock();
  let offset = 0;
  const clock: Clock = { ...timers, now: () => timers.now() + offset };
  await timers.advance(1_000_000);
  const call = held();
  const guarded = withPolicies(call, rateLimit({ ...perSecond(10), burst: 2, clock }));
  void guarded(1);
  void guarded(2);
  offset = -900_000;
  void guarded(3);
  void guarded(4);
  await timers.advance(500);
  expect(call.calls).toHaveLength(4);
});

it.each([
  undefined,
  {},
  { limit: 1 },
  { limit: 0, interval: 1 },
  { limit: 1.5, interval: 1 },
  { limit: 1, interval: 0 },
  { limit: 1, interval: Infinity },
  { limit: 1, interval: 1, burst: 0 },
  { limit: 3, interval: 1, weight: 4 },
  { limit: 3, interval: 1, burst: 1, weight: 2 },
  { limit: 1, interval: 1, wait: -1 },
  { limit: 1, interval: 1, concurrency: 1 },
])("refuses %j", (options) => {
  expect(() => rateLimit(options as never)).toThrow(InvalidOptionError);
});

it("starts no more than burst + limit in any stretch, none too late, all in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ limit: fc.integer({ min: 1, max: 12 }), burst: fc.integer({ min: 1, max: 12 }) }),
      fc.array(
        fc.record({
          at: fc.integer({ min: 0, max: 3000 }),
          weight: fc.integer({ min: 1, max: 12 }),
          aborts: fc.option(fc.integer({ min: 0, max: 3000 }), { freq: 3 }),
        }),
        { maxLength: 15 },
      ),
      async ({ limit, burst }, calls) => {
        const clock = virtualClock();
        const starts: { at: number; weight: number; index: number }[] = [];
        const guarded = withPolicies(
          async ({ weight, index }: { weight: number; index: number }) =>
            void starts.push({ at: clock.now(), weight, index }),
          rateLimit({
            limit,
            interval: 1000,
            burst,
            clock,
            weight: (input: { weight: number }) => input.weight,
          }),
        );
        const ends: Promise<unknown>[] = [];
        for (const [index, { at, aborts, ...call }] of calls.entries()) {
          const weight = Math.min(call.weight, burst);
          const controller = new AbortController();
          clock.after(at, () => {
            const { signal } = controller;
            ends.push(guarded({ weight, index }, { signal }).catch((thrown: unknown) => thrown));
          });
          if (aborts !== null) clock.after(at + aborts, () => controller.abort(reason));
        }
        await clock.advance(1e6);
        for (const end of await Promise.all(ends)) expect([undefined, reason]).toContain(end);
        expect(clock.pending).toBe(0);
        for (const [first, { at }] of starts.entries()) {
          const stretch = starts.slice(first).filter((start) => start.at < at + 999.9);
          const sum = stretch.reduce((total, start) => total + start.weight, 0);
          expect(sum).toBeLessThanOrEqual(burst + limit);
        }
        const order = starts.map(({ index }) => ({ index, at: calls[index]?.at ?? 0 }));
        const sorted = order.toSorted((a, b) => a.at - b.at || a.index - b.index);
        expect(order).toEqual(sorted);
      },
    ),
    { numRuns: 25 },
  );
}, 30_000);
