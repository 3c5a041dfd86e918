import { AsyncLocalStorage } from "node:async_hooks";
import { getEventListeners } from "node:events";
import {
  type AcquireOptions,
  ClosedError,
  InvalidOptionError,
  notReady,
  type Permit,
  type Semaphore,
  TimeoutError,
} from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { ticks, stateOf, turn } from "../../test/turns.ts";
import { mutex } from "./mutex.ts";
import { semaphore } from "./semaphore.ts";

const reason = { why: "enough" };

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

/** Acquires in turn, and notes the order in which that is granted. */
function orderOf(target: Semaphore): {
  readonly order: string[];
  readonly acquire: (name: string, options?: AcquireOptions) => void;
  readonly permits: Permit[];
} {
  const order: string[] = [];
  const permits: Permit[] = [];
  const acquire = (name: string, options?: AcquireOptions): void => {
    target.acquire(options).then(
      (permit) => {
        order.push(name);
        permits.push(permit);
      },
      () => order.push(`${name} refused`),
    );
  };
  return { order, acquire, permits };
}

it("is a semaphore as core has it", () => {
  const any: Semaphore = semaphore(2);
  expect([any.capacity, any.available, any.waiting]).toEqual([2, 2, 0]);
});

describe("acquire", () => {
  it("grants what there is, and the next when one is given back", async () => {
    const target = semaphore(2);
    const first = await target.acquire();
    await target.acquire();
    const third = target.acquire();
    expect([target.available, target.waiting, target.locked]).toEqual([0, 1, true]);
    expect(await stateOf(third)).toBe("pending");
    first.release();
    expect(await stateOf(third)).toBe("resolved");
    expect([target.available, target.waiting]).toEqual([0, 0]);
  });

  it("hands over to the one who waits, not to the one who gave back and asks again", async () => {
    const target = mutex();
    const { order, acquire } = orderOf(target);
    const first = await target.acquire();
    acquire("waiter");
    first.release();
    acquire("again");
    await turn();
    expect(order).toEqual(["waiter"]);
  });

  it("serves one of higher priority at once where it fits and the heavy one that waits does not", async () => {
    const target = semaphore(3);
    const held = await target.acquire({ weight: 2 });
    const heavy = target.acquire({ weight: 3 });
    const light = await target.acquire({ priority: 1 });
    expect(target).toMatchObject({ available: 0, waiting: 1 });
    expect(target.tryAcquire()).toBeUndefined();
    light.release();
    const arm = target.acquiring({ priority: 1 }).poll();
    expect(arm).toMatchObject({ weight: 1 });
    (arm as Permit).release();
    expect(target.acquiring().poll()).toBe(notReady);
    held.release();
    expect(await heavy).toMatchObject({ weight: 3 });
  });

  it("goes by priority, first come first within one", async () => {
    const target = semaphore(1);
    const { order, acquire, permits } = orderOf(target);
    const held = await target.acquire();
    acquire("a", { priority: 0 });
    acquire("b", { priority: 5 });
    acquire("c");
    acquire("d", { priority: 5 });
    held.release();
    for (let index = 0; index < 4; index++) {
      await turn();
      permits[index]?.release();
    }
    expect(order).toEqual(["b", "d", "a", "c"]);
  });

  it("lets nobody pass a heavy waiter, so that it gets its turn", async () => {
    const target = semaphore(3);
    const { order, acquire } = orderOf(target);
    const held = await target.acquire();
    acquire("heavy", { weight: 3 });
    acquire("light");
    expect(target.tryAcquire()).toBeUndefined();
    expect(target.available).toBe(2);
    await turn();
    expect(order).toEqual([]);
    held.release();
    await turn();
    expect(order).toEqual(["heavy"]);
  });

  it("serves those behind a first one that gives up", async () => {
    const target = semaphore(3);
    const { order, acquire } = orderOf(target);
    const controller = new AbortController();
    await target.acquire();
    acquire("heavy", { weight: 3, signal: controller.signal });
    acquire("light");
    controller.abort(reason);
    await turn();
    expect(order.toSorted()).toEqual(["heavy refused", "light"]);
    expect(target.available).toBe(1);
  });

  it("keeps the async context of the one who waits, in use as well", async () => {
    const storage = new AsyncLocalStorage<string>();
    const target = mutex();
    const held = await target.acquire();
    const seen = storage.run("waiter", () => target.use(() => storage.getStore()));
    await turn();
    storage.run("finisher", () => held.release());
    expect(await seen).toBe("waiter");
  });
});

describe("an abort", () => {
  it("refuses one who waits, with the very reason, and loses no permit", async () => {
    const target = semaphore(2);
    const [a, b] = [await target.acquire(), await target.acquire()];
    const controller = new AbortController();
    const first = target.acquire();
    const aborted = target.acquire({ signal: controller.signal });
    const last = target.acquire();
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    a.release();
    b.release();
    for (const permit of await Promise.all([first, last])) permit.release();
    expect([target.available, target.waiting, listeners(controller.signal)]).toEqual([2, 0, 0]);
  });

  it.each([null, 0, "", false, undefined])("gives the falsy reason %s as it is", async (falsy) => {
    const target = mutex();
    await target.acquire();
    const signal = AbortSignal.abort();
    Object.defineProperty(signal, "reason", { value: falsy });
    await expect(target.acquire({ signal })).rejects.toBe(falsy);
    await expect(target.use(() => 1, { signal })).rejects.toBe(falsy);
  });

  it("that came before takes nothing, though a permit is free", async () => {
    const target = semaphore(1);
    const signal = AbortSignal.abort(reason);
    await expect(target.acquire({ signal })).rejects.toBe(reason);
    let calls = 0;
    await expect(target.use(() => calls++, { signal })).rejects.toBe(reason);
    expect([target.available, listeners(signal), calls]).toEqual([1, 0, 0]);
  });

  it("right after the grant finds the permit granted; use gives it back and calls nothing", async () => {
    const target = mutex();
    for (let moment = 0; moment < 5; moment++) {
      const controller = new AbortController();
      const held = await target.acquire();
      let calls = 0;
      const used = target.use(() => calls++, { signal: controller.signal });
      const acquired = target.acquire({ signal: new AbortController().signal });
      held.release();
      await ticks(moment);
      controller.abort(reason);
      const ending = await used.then(
        () => "used",
        (error: unknown) => error,
      );
      expect(ending).toBe(calls === 1 ? "used" : reason);
      (await acquired).release();
      expect([target.available, target.waiting]).toEqual([1, 0]);
    }
  });

  it("has one listener at a signal for 20,000 who wait, and none when they are gone", async () => {
    const target = mutex();
    await target.acquire();
    const controller = new AbortController();
    const { signal } = controller;
    const all = Array.from({ length: 20_000 }, () => target.acquire({ signal }));
    expect([target.waiting, listeners(signal)]).toEqual([20_000, 1]);
    const endings = Promise.allSettled(all);
    controller.abort(reason);
    expect([target.waiting, listeners(signal)]).toEqual([0, 0]);
    const reasons = (await endings).map((ending) => ending.status === "rejected" && ending.reason);
    expect(reasons.every((each) => each === reason)).toBe(true);
  });
});

describe("a timeout", () => {
  it("ends the wait with a TimeoutError, takes the waiter out and loses no permit", async () => {
    const clock = virtualClock();
    const target = semaphore(2, { name: "database", clock });
    const held = await target.acquire();
    const late = target.acquire({ weight: 2, timeout: 50 });
    const light = target.acquire();
    const ending = late.catch((error: unknown) => error);
    await clock.advance(49);
    expect(target.waiting).toBe(2);
    await clock.advance(1);
    const error = await ending;
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).message).toBe("database: waited 50 ms for permit in vain.");
    (await light).release();
    held.release();
    expect([target.available, target.waiting, clock.pending]).toEqual([2, 0, 0]);
  });

  it("is forgotten with the grant, and with the abort", async () => {
    const clock = virtualClock();
    const target = mutex({ clock });
    const held = await target.acquire();
    const controller = new AbortController();
    const granted = target.acquire({ timeout: 50, signal: controller.signal });
    const aborted = target.acquire({ timeout: 50, signal: controller.signal });
    expect(clock.pending).toBe(2);
    held.release();
    expect(clock.pending).toBe(1);
    controller.abort(reason);
    expect(clock.pending).toBe(0);
    await expect(aborted).rejects.toBe(reason);
    (await granted).release();
    expect(target.available).toBe(1);
  });
});

describe("a permit", () => {
  it("goes back once, however often that is asked for", async () => {
    const target = semaphore(2);
    const permit = await target.acquire({ weight: 2 });
    expect(permit.weight).toBe(2);
    permit.release();
    permit.release();
    permit[Symbol.dispose]();
    await permit[Symbol.asyncDispose]();
    expect(target.available).toBe(2);
  });

  it("that is stale unlocks nothing for its next holder", async () => {
    const target = mutex();
    const stale = await target.acquire();
    stale.release();
    const held = target.tryAcquire();
    stale.release();
    expect(held).toBeDefined();
    expect(target.locked).toBe(true);
  });

  it("goes back at the end of its scope, with the error unchanged", async () => {
    const target = mutex();
    const scope = async (): Promise<void> => {
      using permit = await target.acquire();
      expect(permit.signal.aborted).toBe(false);
      permit.release();
      await using later = await target.acquire();
      expect(later.weight).toBe(1);
      throw reason;
    };
    await expect(scope()).rejects.toBe(reason);
    expect(target.available).toBe(1);
  });
});

describe("tryAcquire", () => {
  it("makes no promise", () => {
    const target = semaphore(1);
    const Native = globalThis.Promise;
    let made = 0;
    globalThis.Promise = new Proxy(Native, {
      construct(...args) {
        made++;
        return Reflect.construct(...args) as object;
      },
    });
    try {
      for (let left = 1000; left > 0; left--) target.tryAcquire()?.release();
    } finally {
      globalThis.Promise = Native;
    }
    expect([made, target.available]).toEqual([0, 1]);
  });

  it("gives nothing while all are out, or while somebody waits", async () => {
    const target = semaphore(2);
    const permit = target.tryAcquire();
    const heavy = target.acquire({ weight: 2 });
    expect(target.available).toBe(1);
    expect(target.tryAcquire()).toBeUndefined();
    permit?.release();
    expect(target.tryAcquire()).toBeUndefined();
    (await heavy).release();
    expect(target.tryAcquire(2)?.weight).toBe(2);
  });
});

describe("use", () => {
  it("gives what its function gives, and calls it at once where a permit is free", async () => {
    const target = semaphore(1);
    let started = false;
    const result = target.use((permit) => {
      started = true;
      return `weight ${permit.weight}`;
    });
    expect(started).toBe(true);
    expect(await result).toBe("weight 1");
    expect(await target.use(async () => 7, { weight: 1 })).toBe(7);
    expect(target.available).toBe(1);
  });

  it("gives the permit back when its function throws, rejects or has given it back", async () => {
    const target = mutex();
    const broken = (): never => {
      throw reason;
    };
    await expect(target.use(broken)).rejects.toBe(reason);
    await expect(target.use(() => Promise.reject(reason))).rejects.toBe(reason);
    const held = await target.acquire();
    const waiting = target.use(broken);
    held.release();
    await expect(waiting).rejects.toBe(reason);
    await target.use((permit) => permit.release());
    expect([target.available, target.waiting]).toEqual([1, 0]);
  });

  it("takes 20,000 functions that throw, one after another, without a deep stack", async () => {
    const target = mutex();
    const held = await target.acquire();
    let calls = 0;
    const throwing = (): never => {
      calls++;
      throw reason;
    };
    const all = Promise.allSettled(Array.from({ length: 20_000 }, () => target.use(throwing)));
    held.release();
    const endings = await all;
    expect(endings.every(({ status }) => status === "rejected")).toBe(true);
    expect([calls, target.available]).toEqual([20_000, 1]);
  });
});

describe("resize", () => {
  it("to more lets those who are next go on", async () => {
    const target = semaphore(1);
    await target.acquire();
    const [b, c, d] = [target.acquire(), target.acquire(), target.acquire()];
    target.resize(3);
    expect([target.capacity, target.waiting]).toEqual([3, 1]);
    expect(await Promise.all([b, c, d].map(stateOf))).toEqual(["resolved", "resolved", "pending"]);
  });

  it("to less takes no permit away, and grants when enough have come back", async () => {
    const target = semaphore(3);
    const permits = await Promise.all([target.acquire(), target.acquire(), target.acquire()]);
    target.resize(1);
    expect([target.available, target.inspect().state["taken"]]).toEqual([0, 3]);
    const next = target.acquire();
    permits[0]?.release();
    permits[1]?.release();
    expect(await stateOf(next)).toBe("pending");
    permits[2]?.release();
    expect(await stateOf(next)).toBe("resolved");
    expect(target.available).toBe(0);
  });

  it("refuses those who wait for more than there will ever be, and serves those behind", async () => {
    const target = semaphore(3, { name: "slots" });
    const held = await target.acquire();
    const heavy = target.acquire({ weight: 3 });
    const light = target.acquire();
    target.resize(2);
    await expect(heavy).rejects.toThrow("slots: weight 3 is more than its capacity, 2");
    expect(await stateOf(light)).toBe("resolved");
    held.release();
  });
});

describe("close", () => {
  it("refuses all who wait and all who come; holders keep their permits", async () => {
    const target = semaphore(1, { name: "gate" });
    const held = await target.acquire();
    const waiting = target.acquire();
    const using = target.use(() => 1);
    target.close();
    target.close("another reason");
    for (const refused of [waiting, using, target.acquire(), target.use(() => 1)]) {
      await expect(refused).rejects.toBeInstanceOf(ClosedError);
    }
    expect(() => target.tryAcquire()).toThrow("gate is closed.");
    held.release();
    expect([target.available, target.waiting, target.inspect().state["closed"]]).toEqual([
      1,
      0,
      true,
    ]);
  });

  it("gives the reason it is given", async () => {
    const target = mutex();
    await target.acquire();
    const waiting = target.acquire();
    target.close(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});

describe("bad input", () => {
  it.each([0, -1, 1.5, Number.NaN, "1", 3])(
    "weight %s is refused, and loses nothing",
    async (value) => {
      const target = semaphore(2);
      const weight = value as number;
      await expect(target.acquire({ weight })).rejects.toBeInstanceOf(InvalidOptionError);
      await expect(target.use(() => 1, { weight })).rejects.toBeInstanceOf(InvalidOptionError);
      expect(() => target.tryAcquire(weight)).toThrow(InvalidOptionError);
      expect([target.available, target.waiting]).toEqual([2, 0]);
    },
  );

  it("says what a semaphore with no such weight can do", async () => {
    const target = semaphore(2, { name: "slots" });
    await expect(target.acquire({ weight: 3 })).rejects.toThrow(
      "slots: weight 3 is more than its capacity, 2, so it could never be granted.",
    );
  });

  it.each([0, -1, 2.5, Number.NaN, "4"])("capacity %s is refused", (value) => {
    expect(() => semaphore(value as number)).toThrow(/capacity must be a whole number from 1 up/);
    expect(() => semaphore(1).resize(value as number)).toThrow(InvalidOptionError);
  });

  it("names an option that there is not, or that is wrong", async () => {
    const target = mutex({ name: "lock" });
    const wrong = { wieght: 1 } as object;
    await expect(target.acquire(wrong)).rejects.toThrow('lock: there is no option "wieght"');
    await expect(target.acquire({ priority: Number.NaN })).rejects.toThrow("priority must be");
    await expect(target.acquire({ timeout: -1 })).rejects.toThrow("timeout must be");
    await expect(target.acquire({ signal: {} as AbortSignal })).rejects.toThrow("signal must be");
    expect(() => mutex(wrong)).toThrow('mutex(): there is no option "wieght"');
    expect(target.available).toBe(1);
  });

  it("takes any size, in no time", async () => {
    const target = semaphore(Number.MAX_SAFE_INTEGER);
    (await target.acquire({ weight: 1e15 })).release();
    const endless = semaphore(Infinity);
    (await endless.acquire({ weight: 1e15 })).release();
    expect([target.available, endless.available]).toEqual([Number.MAX_SAFE_INTEGER, Infinity]);
  });
});

describe("inspect", () => {
  it("has the same shape for every primitive", async () => {
    const target = semaphore(3, { name: "slots" });
    await target.acquire({ weight: 2 });
    void target.acquire({ weight: 2 });
    const unknown = { task: undefined, place: undefined, duration: undefined };
    expect(target.inspect()).toEqual({
      kind: "semaphore",
      name: "slots",
      state: { capacity: 3, available: 1, taken: 2, waiting: 1, closed: false },
      holders: [],
      waiters: [{ what: "permit", weight: 2, ...unknown }],
    });
    expect(mutex().inspect().name).toMatch(/^mutex#\d+$/);
  });
});
