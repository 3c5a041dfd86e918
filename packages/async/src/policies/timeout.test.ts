import { isQuintetError, InvalidOptionError, TimeoutError, withPolicies } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { held, listeners, reason, reasonOf, stateOf, turn, watched } from "../../test/stage.ts";
import { expectToHold, timeHolds } from "../../test/policy-properties.ts";
import { limit, retry, timeout } from "../index.ts";

const error = new Error("failed");

describe("a call within its time", () => {
  it("gives its value or its error, and leaves nothing", async () => {
    const clock = virtualClock();
    const { signal } = new AbortController();
    const call = held();
    const guarded = withPolicies(call, timeout(100, { clock }));
    const good = guarded(1, { signal });
    const bad = guarded(2, { signal });
    expect(clock.pending).toBe(2);
    call.calls[0]?.resolve("done");
    call.calls[1]?.reject(error);
    expect(await good).toBe("done");
    await expect(bad).rejects.toBe(error);
    expect([clock.pending, listeners(signal)]).toEqual([0, 0]);
  });

  it("may throw instead of rejecting", async () => {
    const clock = virtualClock();
    const fail = (): never => {
      throw error;
    };
    await expect(withPolicies(fail, timeout(100, { clock }))()).rejects.toBe(error);
    expect(clock.pending).toBe(0);
  });
});

describe("a call that takes longer", () => {
  it("rejects at its time and not before, and its function's signal says the same", async () => {
    const clock = virtualClock();
    const call = held({ deaf: true });
    const result = watched(withPolicies(call, timeout(100, { clock }))(1));
    await clock.advance(99);
    expect(await stateOf(result)).toBe("pending");
    await clock.advance(1);
    const late = await reasonOf(result);
    expect(late).toBeInstanceOf(TimeoutError);
    expect(late).toMatchObject({ code: "TIMEOUT", message: "The call took longer than 100 ms." });
    expect(call.calls[0]?.signal.reason).toBe(late);
  });

  it("leaves nothing behind, whatever becomes of its function", async () => {
    const clock = virtualClock();
    const { signal } = new AbortController();
    const call = held({ deaf: true });
    const result = reasonOf(withPolicies(call, timeout(100, { clock }))(1, { signal }));
    await clock.advance(100);
    await result;
    expect([clock.pending, listeners(signal)]).toEqual([0, 0]);
    call.calls[0]?.reject(error);
    await turn(); // Vitest fails for a rejection that nobody handles
  });

  it("has a stack that names who waits", async () => {
    const clock = virtualClock();
    const guarded = withPolicies(held({ deaf: true }), timeout(100, { clock }));
    const businessCaller = async (): Promise<unknown> => await guarded(1);
    const result = reasonOf(businessCaller());
    await clock.advance(100);
    expect((await result) as Error).toHaveProperty(
      "stack",
      expect.stringContaining("businessCaller"),
    );
  });

  it("is late by a time past 2^31 ms as well", async () => {
    const clock = virtualClock();
    const result = watched(withPolicies(held(), timeout(2 ** 40, { clock }))(1));
    await clock.advance(2 ** 40 - 1);
    expect(await stateOf(result)).toBe("pending");
    await clock.advance(1);
    expect(isQuintetError(await reasonOf(result), "TIMEOUT")).toBe(true);
  });
});

describe("an abort", () => {
  it("is told from a time that is up", async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const { signal } = controller;
    const guarded = withPolicies(held(), timeout(100, { clock }));
    const aborted = watched(guarded(1, { signal }));
    const late = watched(guarded(2));
    await turn();
    controller.abort(reason);
    await clock.advance(100);
    expect(await reasonOf(aborted)).toBe(reason);
    expect(isQuintetError(await reasonOf(late), "TIMEOUT")).toBe(true);
    expect([clock.pending, listeners(signal)]).toEqual([0, 0]);
  });

  it("is handed to the function, whose end is awaited, but no longer than the time", async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const { signal } = controller;
    const call = held({ deaf: true });
    const result = withPolicies(call, timeout(100, { clock }))(1, { signal });
    controller.abort(reason);
    expect(call.calls[0]?.signal.reason).toBe(reason);
    expect(await stateOf(result)).toBe("pending");
    await clock.advance(100);
    expect(await reasonOf(result)).toBe(reason);
    expect(clock.pending).toBe(0);
  });

  it("before the start calls nothing and sets no timer", async () => {
    const clock = virtualClock();
    const call = held();
    const signal = AbortSignal.abort(0);
    expect(await reasonOf(withPolicies(call, timeout(5, { clock }))(1, { signal }))).toBe(0);
    expect([call.calls.length, clock.pending]).toEqual([0, 0]);
  });

  it("by the function itself, before it has returned, is seen", async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const seen: boolean[] = [];
    const call = withPolicies(
      async (_input: number, { signal }) => {
        controller.abort(reason);
        seen.push(signal.aborted);
        signal.throwIfAborted();
      },
      timeout(5, { clock }),
    );
    expect(await reasonOf(call(1, { signal: controller.signal }))).toBe(reason);
    expect(seen).toEqual([true]);
  });
});

describe("three clocks", () => {
  it("bound the whole call, the wait for a turn, and each attempt, by where they stand", async () => {
    const clock = virtualClock();
    const call = held();
    const exact = { base: 10, jitter: "none" } as const;
    const guarded = withPolicies(
      call,
      timeout(500, { clock }),
      retry({ attempts: 9, backoff: exact, clock }),
      limit(1, { wait: 40, clock }),
      timeout(100, { clock }),
    );
    const ends = new Map<string, [number, unknown]>();
    const watch = (name: string, result: Promise<unknown>): void => {
      result.catch((thrown: Error) => ends.set(name, [clock.now(), thrown.message]));
    };
    watch("a", guarded("a"));
    await clock.advance(99);
    expect(call.calls.map(({ attempt }) => attempt)).toEqual([1]);
    // The first attempt is late; after its backoff the second begins, and has its own time.
    await clock.advance(12);
    expect(call.calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
    const waits = withPolicies(held(), limit(1, { clock, wait: 40 }));
    watch("first", waits(1));
    watch("second", waits(2));
    await clock.advance(1000);
    expect(ends.get("a")).toEqual([500, "The call took longer than 500 ms."]);
    expect(ends.get("second")).toEqual([151, "limit(): waited 40 ms for permit in vain."]);
    expect(clock.pending).toBe(0);
  });
});

it.each([0, -1, Number.NaN, "5", undefined])("refuses %s milliseconds", (milliseconds) => {
  expect(() => timeout(milliseconds as never)).toThrow(InvalidOptionError);
});

it("refuses options that it does not know", () => {
  expect(() => timeout(5, { after: 1 } as never)).toThrow(InvalidOptionError);
});

it("settles and leaves nothing, whichever of end, abort and time comes first", async () => {
  await expectToHold(timeHolds(timeout), 25);
}, 30_000);
