import { getEventListeners } from "node:events";
import { ClosedError, InvalidOptionError, type Permit, type Semaphore } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../test/runs.ts";
import { stateOf, turn } from "../../test/turns.ts";
import { type RwLock, rwLock } from "./rw-lock.ts";

const reason = { why: "enough" };

/** Asks for reading and writing, and notes in what order that is granted. */
function watched(lock: RwLock): {
  readonly order: string[];
  readonly permits: Map<string, Permit>;
  readonly ask: (name: string, signal?: AbortSignal) => void;
  readonly end: (name: string) => Promise<void>;
} {
  const order: string[] = [];
  const permits = new Map<string, Permit>();
  return {
    order,
    permits,
    ask(name, signal) {
      const side: Semaphore = name.startsWith("w") ? lock.write : lock.read;
      side.acquire({ signal }).then(
        (permit) => {
          order.push(name);
          permits.set(name, permit);
        },
        () => {},
      );
    },
    async end(name) {
      permits.get(name)?.release();
      await turn();
    },
  };
}

it("lets readers in together and writers alone: r r w r", async () => {
  const { order, ask, end } = watched(rwLock());
  for (const name of ["r1", "r2", "w1", "r3"]) ask(name);
  await turn();
  expect(order).toEqual(["r1", "r2"]);
  await end("r1");
  expect(order).toEqual(["r1", "r2"]);
  await end("r2");
  expect(order).toEqual(["r1", "r2", "w1"]);
  await end("w1");
  expect(order).toEqual(["r1", "r2", "w1", "r3"]);
});

it("is phase-fair: after a writer all readers that wait by then, then one writer", async () => {
  const { order, ask, end } = watched(rwLock());
  for (const name of ["w1", "w2", "r1", "w3", "r2"]) ask(name);
  await turn();
  await end("w1");
  expect(order).toEqual(["w1", "r1", "r2"]);
  ask("r3"); // stands behind w2
  await end("r1");
  await end("r2");
  expect(order).toEqual(["w1", "r1", "r2", "w2"]);
  await end("w2");
  expect(order).toEqual(["w1", "r1", "r2", "w2", "r3"]);
  await end("r3");
  expect(order.at(-1)).toBe("w3");
});

it("lets the readers behind the last writer in at once when it gives up", async () => {
  const lock = rwLock();
  const { order, ask } = watched(lock);
  const controller = new AbortController();
  ask("r1");
  ask("w1", controller.signal);
  ask("r2");
  await turn();
  expect(order).toEqual(["r1"]);
  controller.abort(reason);
  await turn();
  expect(order).toEqual(["r1", "r2"]);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

it("keeps readers behind a second writer when the first one gives up", async () => {
  const { order, ask, end } = watched(rwLock());
  const controller = new AbortController();
  ask("r1");
  ask("w1", controller.signal);
  ask("r2");
  ask("w2");
  controller.abort(reason);
  await turn();
  expect(order).toEqual(["r1"]);
  await end("r1");
  expect(order).toEqual(["r1", "w2"]);
});

describe("downgrade", () => {
  it("turns a writer into a reader and lets waiting readers in, not writers", async () => {
    const lock = rwLock();
    const { order, ask } = watched(lock);
    const writer = await lock.write.acquire();
    ask("w1");
    ask("r1");
    const reader = writer.downgrade();
    await turn();
    expect(order).toEqual(["r1"]);
    writer.release(); // it is not the writer's any more
    expect(lock.inspect().state).toMatchObject({ readers: 2, writing: false });
    reader.release();
    await turn();
    expect(order).toEqual(["r1"]);
  });

  it("keeps the right to read to the end of the scope, within use", async () => {
    const lock = rwLock();
    await lock.write.use(async (permit) => {
      using reader = permit.downgrade();
      expect([reader.weight, lock.read.available, lock.write.available]).toEqual([1, Infinity, 0]);
    });
    expect(lock.write.available).toBe(1);
  });

  it("of what was given back is refused and grants nothing", async () => {
    const lock = rwLock({ name: "settings" });
    const writer = await lock.write.acquire();
    writer.release();
    expect(() => writer.downgrade()).toThrow("settings: what was released cannot be downgraded.");
    expect(lock.write.available).toBe(1);
  });
});

describe("its sides", () => {
  it("are semaphores, which say what is free", async () => {
    const lock = rwLock();
    const sides: Semaphore[] = [lock.read, lock.write];
    const state = (): number[] => sides.flatMap(({ capacity, available }) => [capacity, available]);
    expect(state()).toEqual([Infinity, Infinity, 1, 1]);
    const reader = lock.read.tryAcquire();
    expect(state()).toEqual([Infinity, Infinity, 1, 0]);
    expect(lock.write.tryAcquire()).toBeUndefined();
    const writing = lock.write.acquire();
    expect(lock.read.tryAcquire()).toBeUndefined(); // a writer waits
    reader?.release();
    await writing;
    expect(state()).toEqual([Infinity, 0, 1, 0]);
  });

  it("give back what use has taken, however it ends", async () => {
    const lock = rwLock();
    const broken = (): never => {
      throw reason;
    };
    await expect(lock.write.use(broken)).rejects.toBe(reason);
    await expect(lock.read.use(broken, { priority: 1 })).rejects.toBe(reason);
    expect(lock.inspect().state).toMatchObject({ readers: 0, writing: false, waiting: 0 });
  });

  it("refuse a weight, and an option that there is not", async () => {
    const lock = rwLock();
    await expect(lock.read.acquire({ weight: 2 })).rejects.toThrow("must be 1, got 2");
    expect(() => lock.write.tryAcquire(3)).toThrow(InvalidOptionError);
    await expect(lock.write.acquire({ prioritty: 1 } as object)).rejects.toThrow("prioritty");
  });

  it("end a wait that takes too long, and lets those behind it in", async () => {
    const clock = virtualClock();
    const lock = rwLock({ clock });
    await lock.read.acquire();
    const writing = lock.write.acquire({ timeout: 10 }).catch((error: unknown) => error);
    const reading = lock.read.acquire();
    await clock.advance(10);
    expect(await writing).toMatchObject({ code: "TIMEOUT" });
    expect(await stateOf(reading)).toBe("resolved");
  });
});

it("refuses all who wait and come once it is closed", async () => {
  const lock = rwLock();
  const held = await lock.write.acquire();
  const waiting = [lock.read.acquire(), lock.write.acquire()];
  lock.close();
  for (const refused of [...waiting, lock.read.acquire(), lock.write.use(() => 1)]) {
    await expect(refused).rejects.toBeInstanceOf(ClosedError);
  }
  expect(() => lock.read.tryAcquire()).toThrow(ClosedError);
  expect(lock.read.available).toBe(0);
  held.release();
  expect(lock.inspect().state).toEqual({ readers: 0, writing: false, waiting: 0, closed: true });
});

describe("whatever is aborted when, in any order of steps", () => {
  const anyPlan = fc.record({
    does: fc.constantFrom("read", "write", "downgrade"),
    aborts: fc.boolean(),
    holds: fc.nat(2),
  });

  type Plan = { does: string; aborts: boolean; holds: number };

  /** Who is inside, counted apart from the lock. */
  class Room {
    readers = 0;
    writers = 0;
    readonly wrong: string[] = [];

    enter(side: "readers" | "writers"): void {
      this[side]++;
      if (this.writers > 1 || (this.writers === 1 && this.readers > 0)) {
        this.wrong.push(`${this.writers} writers beside ${this.readers} readers`);
      }
    }
  }

  async function follow(lock: RwLock, room: Room, plan: Plan, pause: () => Promise<unknown>) {
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = plan.aborts && pause().then(() => controller.abort(reason));
    await pause();
    const hold = async (): Promise<void> => {
      for (let left = plan.holds; left > 0; left--) await pause();
    };
    const read = async (permit: Permit): Promise<void> => {
      room.enter("readers");
      await hold();
      room.readers--;
      permit.release();
      permit.release();
    };
    try {
      if (plan.does === "read") await read(await lock.read.acquire({ signal }));
      else {
        const permit = await lock.write.acquire({ signal });
        room.enter("writers");
        await hold();
        room.writers--;
        if (plan.does === "downgrade") await read(permit.downgrade());
        permit.release();
      }
    } catch (error) {
      expect(error).toBe(reason);
    }
    await aborted;
    expect(getEventListeners(signal, "abort")).toEqual([]);
  }

  async function expectOrder(make: () => RwLock, seed?: number): Promise<void> {
    const run = async (scheduler: fc.Scheduler, plans: readonly Plan[]): Promise<void> => {
      const lock = make();
      const room = new Room();
      const pause = (): Promise<unknown> => scheduler.schedule(Promise.resolve());
      let ended = 0;
      const endings = Promise.allSettled(
        plans.map((each) => follow(lock, room, each, pause).finally(() => ended++)),
      );
      await scheduler.waitIdle();
      await turn();
      expect(room.wrong).toEqual([]);
      expect(ended).toBe(plans.length);
      expect((await endings).filter(({ status }) => status === "rejected")).toEqual([]);
      expect(lock.inspect().state).toMatchObject({ readers: 0, writing: false, waiting: 0 });
    };
    const plans = fc.array(anyPlan, { minLength: 2, maxLength: 8 });
    await fc.assert(fc.asyncProperty(fc.scheduler(), plans, run), runsOf(150, seed));
  }

  it("no writer has company, nobody waits for ever, nothing is left behind", async () => {
    await expectOrder(() => rwLock());
  });

  it.each([
    ["lets readers in beside a writer", true],
    ["keeps the right of one who aborts as it is granted", false],
  ])("a lock that %s is caught", async (_fault, isBarging) => {
    const make = (): RwLock => {
      const lock = rwLock();
      const other = rwLock();
      const acquire: Semaphore["acquire"] = async (options) => {
        const permit = await lock.read.acquire();
        if (options?.signal?.aborted) throw options.signal.reason;
        return permit;
      };
      const read = isBarging ? other.read : Object.assign(Object.create(lock.read), { acquire });
      return {
        name: lock.name,
        read,
        write: lock.write,
        close() {},
        inspect: () => lock.inspect(),
      };
    };
    await expect(expectOrder(make, 1)).rejects.toThrow(/Property failed/);
  });
});
