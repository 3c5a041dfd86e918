import { AsyncLocalStorage } from "node:async_hooks";
import {
  type AcquireOptions,
  InvalidOptionError,
  type Permit,
  type Semaphore,
  withPolicies,
} from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { held, listeners, reason, reasonOf, turn, watched } from "../../test/stage.ts";
import { expectToHold, slotsHold } from "../../test/policy-properties.ts";
import { hedge, limit, timeout } from "../index.ts";

const error = new Error("failed");

describe("slots", () => {
  it("bound how many run; the next starts when one has ended", async () => {
    const call = held();
    const guarded = withPolicies(call, limit(2));
    const all = [1, 2, 3].map((input) => guarded(input));
    await turn();
    expect(call.calls.map(({ input }) => input)).toEqual([1, 2]);
    call.calls[0]?.resolve("first");
    await turn();
    expect(call.calls.map(({ input }) => input)).toEqual([1, 2, 3]);
    for (const each of call.calls) each.resolve("later");
    expect(await Promise.all(all)).toEqual(["first", "later", "later"]);
  });

  it("come back whatever ends the function", async () => {
    const guarded = withPolicies((call: () => unknown) => call(), limit(1));
    const fail = (): never => {
      throw error;
    };
    await expect(guarded(fail)).rejects.toBe(error);
    await expect(guarded(() => Promise.reject(error))).rejects.toBe(error);
    expect(await guarded(() => 1)).toBe(1);
  });

  it("are handed over through 20,000 that throw at once, without a stack that grows", async () => {
    let running = 0;
    const guarded = withPolicies(() => {
      running++;
      throw error;
    }, limit(1));
    const all = Array.from({ length: 20_000 }, () => reasonOf(guarded()));
    expect(new Set(await Promise.all(all))).toEqual(new Set([error]));
    expect(running).toBe(20_000);
  });

  it("are taken in order, by priority, and first come first within one", async () => {
    const order: number[] = [];
    const guarded = withPolicies(
      async (input: readonly [name: number, priority: number]) => {
        order.push(input[0]);
        await turn();
      },
      limit(1, { priority: (input: readonly [number, number]) => input[1] }),
    );
    const calls = [
      [0, 0],
      [1, 0],
      [2, 5],
      [3, 0],
      [4, 5],
    ] as const;
    await Promise.all(calls.map((input) => guarded(input)));
    expect(order).toEqual([0, 2, 4, 1, 3]);
  });

  it("go to who waits and not to a newcomer, in whatever gap it comes", async () => {
    const call = held();
    const guarded = withPolicies(call, limit(1));
    void guarded("first");
    void guarded("waits");
    await turn();
    call.calls[0]?.resolve();
    for (let gap = 0; gap < 8; gap++) {
      void guarded(`newcomer ${gap}`);
      await Promise.resolve();
    }
    expect(call.calls.map(({ input }) => input)).toEqual(["first", "waits"]);
  });

  it("are shared by all that one policy wraps", async () => {
    const policy = limit(1);
    const a = held();
    const b = held();
    const first = withPolicies(a, policy)(1);
    void withPolicies(b, policy)(2);
    await turn();
    expect([a.calls.length, b.calls.length]).toEqual([1, 0]);
    a.calls[0]?.resolve();
    await first;
    await turn();
    expect(b.calls.length).toBe(1);
  });

  it("do not start more promises than needed to keep the caller's async context", async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const guarded = withPolicies(async () => {
      seen.push(store.getStore());
      await turn();
    }, limit(1));
    await Promise.all(["A", "B", "C"].map((name) => store.run(name, () => guarded())));
    expect(seen).toEqual(["A", "B", "C"]);
  });
});

describe("weights", () => {
  const weight = (input: number): number => input;

  it("take so many slots, and a heavy call is not passed by lighter ones", async () => {
    const call = held<number>();
    const guarded = withPolicies(call, limit(3, { weight }));
    for (const input of [2, 3, 1, 1]) void guarded(input);
    await turn();
    expect(call.calls.map(({ input }) => input)).toEqual([2]);
    call.calls[0]?.resolve();
    await turn();
    expect(call.calls.map(({ input }) => input)).toEqual([2, 3]);
    call.calls[1]?.resolve();
    await turn();
    expect(call.calls.map(({ input }) => input)).toEqual([2, 3, 1, 1]);
  });

  it("let those behind go on when the heavy one in front gives up", async () => {
    const call = held<number>();
    const guarded = withPolicies(call, limit(3, { weight }));
    const controller = new AbortController();
    void guarded(2);
    const heavy = watched(guarded(3, { signal: controller.signal }));
    void guarded(1);
    await turn();
    controller.abort(reason);
    await turn();
    expect(call.calls.map(({ input }) => input)).toEqual([2, 1]);
    await expect(heavy).rejects.toBe(reason);
  });

  it.each([0, -1, 1.5, Number.NaN, 4, "1"])(
    "of %s are refused at once, and nobody else notices",
    async (bad) => {
      const call = held();
      const guarded = withPolicies(call, limit(3, { weight: (input: number) => input }));
      void guarded(3);
      await expect(guarded(bad)).rejects.toBeInstanceOf(InvalidOptionError);
      const next = guarded(3);
      call.calls[0]?.resolve();
      await turn();
      call.calls[1]?.resolve("done");
      expect(await next).toBe("done");
    },
  );
});

describe("an abort", () => {
  it("while it waits rejects at once, loses no slot, and leaves no listener", async () => {
    const call = held();
    const guarded = withPolicies(call, limit(1));
    const controller = new AbortController();
    const { signal } = controller;
    void guarded("a");
    const b = watched(guarded("b", { signal }));
    void guarded("c");
    await turn();
    controller.abort(reason);
    expect(listeners(signal)).toBe(0);
    await expect(b).rejects.toBe(reason);
    call.calls[0]?.resolve();
    await turn();
    expect(call.calls.map(({ input }) => input)).toEqual(["a", "c"]);
  });

  it("between the hand-over and the call does not call, and gives the slot on", async () => {
    for (let gap = 0; gap < 8; gap++) {
      const call = held();
      const seen: boolean[] = [];
      const guarded = withPolicies((input: unknown, about) => {
        seen.push(about.signal.aborted);
        return call(input, about);
      }, limit(1));
      const controller = new AbortController();
      void guarded("a");
      const b = watched(guarded("b", { signal: controller.signal }));
      const c = guarded("c");
      await turn();
      call.calls[0]?.resolve();
      for (let step = 0; step < gap; step++) await Promise.resolve();
      controller.abort(reason);
      await turn();
      await expect(b).rejects.toBe(reason);
      call.calls.at(-1)?.resolve("done");
      await turn();
      call.calls.at(-1)?.resolve("done");
      expect(await c).toBe("done");
      expect(seen).not.toContain(true);
    }
  });

  it("before the start takes no slot", async () => {
    const call = held();
    const guarded = withPolicies(call, limit(1));
    await expect(guarded(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    void guarded(2);
    await turn();
    expect(call.calls).toHaveLength(1);
  });

  it("of a function that does not listen keeps the slot until it has ended", async () => {
    const call = held({ deaf: true });
    const guarded = withPolicies(call, limit(1));
    const controller = new AbortController();
    const first = guarded("a", { signal: controller.signal });
    void guarded("b");
    controller.abort(reason);
    await turn();
    expect(call.calls).toHaveLength(1);
    call.calls[0]?.resolve("in the end");
    expect(await first).toBe("in the end");
    await turn();
    expect(call.calls).toHaveLength(2);
  });

  it("of one of 20,000 that wait on one signal is one listener", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = held({ deaf: true });
    const guarded = withPolicies(call, limit(1));
    const first = guarded(0);
    const all = Array.from({ length: 20_000 }, () => reasonOf(guarded(1, { signal })));
    await turn();
    expect(listeners(signal)).toBe(1);
    controller.abort(reason);
    expect(new Set(await Promise.all(all))).toEqual(new Set([reason]));
    expect(listeners(signal)).toBe(0);
    call.calls[0]?.resolve();
    await first;
  });
});

describe("what goes on after its caller has an answer", () => {
  it("keeps its slot: a timeout inside", async () => {
    const clock = virtualClock();
    const call = held({ deaf: true });
    const guarded = withPolicies(call, limit(1), timeout(100, { clock }));
    const late = reasonOf(guarded("late"));
    const next = watched(guarded("next"));
    await clock.advance(100);
    expect(await late).toMatchObject({ code: "TIMEOUT" });
    await clock.advance(1000);
    expect(call.calls.map(({ input }) => input)).toEqual(["late"]);
    call.calls[0]?.reject(error);
    await turn();
    expect(call.calls.map(({ input }) => input)).toEqual(["late", "next"]);
    expect(call.most).toBe(1);
    call.calls[1]?.resolve("done");
    expect(await next).toBe("done");
  });

  it("keeps its slot: the slower call of a hedge, in limits at any depth", async () => {
    const clock = virtualClock();
    const call = held({ deaf: true });
    const outer = limit(1);
    const guarded = withPolicies(call, outer, limit(5), hedge({ delay: 10, clock }));
    const first = guarded("hedged");
    await clock.advance(10);
    call.calls[1]?.resolve("second was faster");
    expect(await first).toBe("second was faster");
    const other = held();
    void withPolicies(other, outer)(1);
    await turn();
    expect(other.calls).toHaveLength(0);
    call.calls[0]?.resolve();
    await turn();
    expect(other.calls).toHaveLength(1);
  });
});

describe("wait", () => {
  it("bounds how long a call waits, and not how long it runs", async () => {
    const clock = virtualClock();
    const { signal } = new AbortController();
    const call = held();
    const guarded = withPolicies(call, limit(1, { wait: 50, clock }));
    const first = guarded("a", { signal });
    const second = reasonOf(guarded("b", { signal }));
    await clock.advance(50);
    expect(await second).toMatchObject({ code: "TIMEOUT" });
    expect([clock.pending, listeners(signal)]).toEqual([0, 1]); // the function's own
    call.calls[0]?.resolve("done");
    expect(await first).toBe("done");
    expect(call.calls).toHaveLength(1);
  });

  it("lets go of its timer when the turn comes", async () => {
    const clock = virtualClock();
    const call = held();
    const guarded = withPolicies(call, limit(1, { wait: 50, clock }));
    void guarded("a");
    void guarded("b");
    await turn();
    call.calls[0]?.resolve();
    await turn();
    expect([call.calls.length, clock.pending]).toEqual([2, 0]);
  });
});

describe("a semaphore of another place", () => {
  /** As one that leases permits over a network: the holder is told when it has lost one. */
  function leased(): {
    semaphore: Semaphore;
    asked: AcquireOptions[];
    lose: (why: unknown) => void;
  } {
    const asked: AcquireOptions[] = [];
    let lease = new AbortController();
    let free = 1;
    const permit = (weight: number): Permit => {
      const release = (): void => void free++;
      const { signal } = (lease = new AbortController());
      free--;
      return {
        weight,
        signal,
        release,
        [Symbol.dispose]: release,
        [Symbol.asyncDispose]: async () => release(),
      };
    };
    const semaphore: Semaphore = {
      capacity: 1,
      get available() {
        return free;
      },
      waiting: 0,
      tryAcquire: () => undefined,
      acquire: async (options = {}) => {
        asked.push(options);
        return permit(options.weight ?? 1);
      },
      use: async (call) => call(permit(1)),
    };
    return { semaphore, asked, lose: (why) => lease.abort(why) };
  }

  it("is asked for a permit, and gets it back", async () => {
    const { semaphore, asked } = leased();
    const { signal } = new AbortController();
    const guarded = withPolicies(
      () => semaphore.available,
      limit(semaphore, { weight: 2, priority: 3, wait: 4 }),
    );
    expect(await guarded(undefined, { signal })).toBe(0);
    expect(asked).toEqual([{ weight: 2, priority: 3, timeout: 4, signal }]);
    expect(semaphore.available).toBe(1);
  });

  it("whose permit is lost aborts the function with what the permit says", async () => {
    const { semaphore, lose } = leased();
    const { signal } = new AbortController();
    const call = held();
    const result = watched(withPolicies(call, limit(semaphore))(1, { signal }));
    await turn();
    lose(error);
    await expect(result).rejects.toBe(error);
    expect([listeners(signal), semaphore.available]).toEqual([0, 1]);
  });

  it("hands an abort of the caller to the function as well", async () => {
    const { semaphore } = leased();
    const controller = new AbortController();
    const { signal } = controller;
    const result = watched(withPolicies(held(), limit(semaphore))(1, { signal }));
    await turn();
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect([listeners(signal), semaphore.available]).toEqual([0, 1]);
  });
});

it.each([0, -1, 1.5, Number.NaN, "4", null, {}])("refuses %s slots", (slots) => {
  expect(() => limit(slots as never)).toThrow(InvalidOptionError);
});

it.each([{ weight: 5 }, { weight: 0 }, { priority: Number.NaN }, { wait: -1 }, { size: 1 }])(
  "refuses %j",
  (options) => {
    expect(() => limit(4, options as never)).toThrow(InvalidOptionError);
  },
);

it("refuses a call whose priority is no number", async () => {
  const guarded = withPolicies(held(), limit(1, { priority: () => Number.NaN }));
  void guarded(1);
  await expect(guarded(2)).rejects.toBeInstanceOf(InvalidOptionError);
});

it("never lets more run than there are, loses no slot, and settles every call", async () => {
  await expectToHold(slotsHold(limit), 150);
}, 30_000);
