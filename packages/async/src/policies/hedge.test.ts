import { InvalidOptionError, withPolicies } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { held, listeners, reason, stateOf, turn, watched } from "../../test/stage.ts";
import { attemptsOf, hedge, type HedgeOptions } from "../index.ts";

const error = new Error("failed");

function stage(options: Partial<HedgeOptions> = {}, { deaf = false } = {}) {
  const clock = virtualClock();
  const call = held({ deaf });
  const guarded = withPolicies(call, hedge({ delay: 10, clock, ...options }));
  return { clock, call, guarded };
}

describe("a call that answers in time", () => {
  it("is made once, and leaves nothing", async () => {
    const { clock, call, guarded } = stage();
    const { signal } = new AbortController();
    const result = guarded(1, { signal });
    await clock.advance(9);
    call.calls[0]?.resolve("done");
    expect(await result).toBe("done");
    expect([clock.pending, listeners(signal)]).toEqual([0, 0]);
    await clock.advance(100);
    expect(call.calls).toHaveLength(1);
  });

  it("with an error has that for its answer: hedging is not retrying", async () => {
    const { clock, call, guarded } = stage();
    const result = watched(guarded(1));
    await clock.advance(9);
    call.calls[0]?.reject(error);
    await expect(result).rejects.toBe(error);
    await clock.advance(100);
    expect(call.calls).toHaveLength(1);
    expect(attemptsOf(error)).toEqual([{ attempt: 1, error }]);
  });
});

describe("a call that is late", () => {
  it("is made once more; the first answer wins, and the others are aborted", async () => {
    for (const winner of [0, 1]) {
      const { clock, call, guarded } = stage();
      const { signal } = new AbortController();
      const result = guarded("input", { signal, attempt: 3 });
      await clock.advance(10);
      expect(call.calls.map(({ input, attempt }) => [input, attempt])).toEqual([
        ["input", 3],
        ["input", 4],
      ]);
      call.calls[winner]?.resolve(`from ${winner}`);
      expect(await result).toBe(`from ${winner}`);
      expect(call.calls.map((each) => each.signal.aborted)).toEqual([winner === 1, winner === 0]);
      expect(call.calls[1 - winner]?.signal.reason).toMatchObject({ name: "AbortError" });
      expect([clock.pending, listeners(signal), call.running]).toEqual([0, 0, 0]);
    }
  });

  it("is made no more than so many times, one delay apart", async () => {
    const { clock, call, guarded } = stage({ attempts: 3 });
    const result = guarded(1);
    const counts: number[] = [];
    for (let i = 0; i < 4; i++) {
      counts.push(call.calls.length);
      await clock.advance(10);
    }
    expect(counts).toEqual([1, 2, 3, 3]);
    call.calls[2]?.resolve("done");
    expect(await result).toBe("done");
  });

  it("is not answered by an error while another call is under way", async () => {
    const { clock, call, guarded } = stage();
    const result = guarded(1);
    await clock.advance(10);
    call.calls[0]?.reject(error);
    expect(await stateOf(result)).toBe("pending");
    call.calls[1]?.resolve("done");
    expect(await result).toBe("done");
  });

  it("rejects with the first error when all fail, and carries all of them", async () => {
    const { clock, call, guarded } = stage();
    const later = new Error("later");
    const result = watched(guarded(1));
    await clock.advance(10);
    call.calls[1]?.reject(error);
    await turn();
    call.calls[0]?.reject(later);
    await expect(result).rejects.toBe(error);
    expect(attemptsOf(error)).toEqual([
      { attempt: 2, error },
      { attempt: 1, error: later },
    ]);
    expect(clock.pending).toBe(0);
  });

  it("leaves no rejection of a loser unhandled", async () => {
    const { clock, call, guarded } = stage({}, { deaf: true });
    const result = guarded(1);
    await clock.advance(10);
    call.calls[1]?.resolve("done");
    expect(await result).toBe("done");
    call.calls[0]?.reject(error);
    await turn(); // Vitest fails for a rejection that nobody handles
  });

  it("may throw instead of rejecting", async () => {
    const clock = virtualClock();
    const fail = (): never => {
      throw error;
    };
    await expect(withPolicies(fail, hedge({ delay: 10, clock }))()).rejects.toBe(error);
    expect(clock.pending).toBe(0);
  });
});

describe("an abort", () => {
  it("reaches every call under way, whose ends are awaited; no other is made", async () => {
    const { clock, call, guarded } = stage({ attempts: 3 }, { deaf: true });
    const controller = new AbortController();
    const { signal } = controller;
    const result = watched(guarded(1, { signal }));
    await clock.advance(10);
    controller.abort(reason);
    expect(call.calls.map((each) => each.signal.reason)).toEqual([reason, reason]);
    expect(await stateOf(result)).toBe("pending");
    await clock.advance(100);
    for (const each of call.calls) each.reject(reason);
    await expect(result).rejects.toBe(reason);
    expect(call.calls).toHaveLength(2);
    expect([clock.pending, listeners(signal)]).toEqual([0, 0]);
  });

  it("before the start calls nothing", async () => {
    const { clock, call, guarded } = stage();
    await expect(guarded(1, { signal: AbortSignal.abort(null) })).rejects.toBe(null);
    expect([call.calls.length, clock.pending]).toEqual([0, 0]);
  });
});

it("takes a percentile of what was observed, once there is enough", async () => {
  const { clock, call, guarded } = stage({ delay: 1000, percentile: 75 });
  for (let i = 0; i < 16; i++) {
    const result = guarded(i);
    await clock.advance(i < 12 ? 20 : 50);
    call.calls[i]?.resolve();
    await result;
  }
  void guarded("late");
  await clock.advance(19);
  expect(call.calls).toHaveLength(17);
  await clock.advance(1);
  expect(call.calls).toHaveLength(18);
});

it.each([
  undefined,
  {},
  { delay: -1 },
  { delay: 1, attempts: 0 },
  { delay: 1, percentile: 0 },
  { delay: 1, percentile: 101 },
  { delay: 1, after: 1 },
])("refuses %j", (options) => {
  expect(() => hedge(options as never)).toThrow(InvalidOptionError);
});

it("settles once, leaves nothing and nobody running, whenever what happens", async () => {
  const moment = fc.integer({ min: 0, max: 40 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: moment, fails: fc.boolean() }), { minLength: 3, maxLength: 3 }),
      fc.option(moment),
      async (ends, abortAt) => {
        const { clock, call, guarded } = stage({ attempts: 3 });
        const controller = new AbortController();
        const { signal } = controller;
        const result = watched(guarded(1, { signal }));
        for (const [index, { at, fails }] of ends.entries()) {
          clock.after(at + index * 10 + 1, () => {
            if (fails) call.calls[index]?.reject(error);
            else call.calls[index]?.resolve(index);
          });
        }
        if (abortAt !== null) clock.after(abortAt, () => controller.abort(reason));
        await clock.advance(100);
        const state = await stateOf(result);
        const mayFail = abortAt !== null || ends.some(({ fails }) => fails);
        expect(Object.keys(state)[0]).toMatch(mayFail ? /value|reason/ : "value");
        expect([clock.pending, listeners(signal), call.running]).toEqual([0, 0, 0]);
      },
    ),
    { numRuns: 25 },
  );
}, 30_000);
