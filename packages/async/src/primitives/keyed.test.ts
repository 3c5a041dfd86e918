import { InvalidOptionError, type Permit, type Semaphore } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { stateOf, turn } from "../../test/turns.ts";
import { keyed } from "./keyed.ts";
import { mutex } from "./mutex.ts";
import { rwLock, type WritePermit } from "./rw-lock.ts";
import { semaphore } from "./semaphore.ts";

const reason = { why: "enough" };

it("has a lock for each key, the same for all who ask for it", async () => {
  const locks = keyed(() => mutex());
  const kept = locks.get("ada");
  const ada = await kept.acquire();
  const second = locks.get("ada").acquire();
  const bob = await locks.get("bob").acquire();
  expect([await stateOf(second), locks.size, [...locks.keys()]]).toEqual([
    "pending",
    2,
    ["ada", "bob"],
  ]);
  ada.release();
  (await second).release();
  bob.release();
  expect(locks.size).toBe(0);
  const again = kept.tryAcquire(); // a handle outlives what is forgotten
  expect([locks.get("ada").tryAcquire(), locks.get("ada").available]).toEqual([undefined, 0]);
  again?.release();
  expect(kept.available).toBe(1);
});

it("is a semaphore for each key, with what that knows", async () => {
  const slots = keyed((key: number) => semaphore(key));
  const three: Semaphore = slots.get(3);
  const permit = await three.acquire({ weight: 2 });
  void three.acquire({ weight: 2 });
  expect([three.capacity, three.available, three.waiting, permit.weight]).toEqual([3, 1, 1, 2]);
  expect(permit.signal.aborted).toBe(false);
  expect(slots.inspect().get(3)).toMatchObject({ kind: "semaphore", state: { taken: 2 } });
  expect(slots.get(4).capacity).toBe(4);
  expect(slots.size).toBe(1);
});

describe("forgets a key", () => {
  const idle = async (act: (lock: Semaphore) => unknown): Promise<number> => {
    const locks = keyed(() => mutex());
    try {
      await act(locks.get("key"));
    } catch (error) {
      expect([reason, "not a function"]).toContain(error);
    }
    await turn();
    return locks.size;
  };

  it.each<[string, (lock: Semaphore) => unknown]>([
    ["use", (lock) => lock.use(() => 1)],
    ["use that throws", (lock) => lock.use(() => Promise.reject(reason))],
    ["use with an abort", (lock) => lock.use(() => 1, { signal: AbortSignal.abort(reason) })],
    [
      "a release, made twice",
      async (lock) => {
        const permit = await lock.acquire();
        permit.release();
        permit.release();
      },
    ],
    [
      "a scope",
      async (lock) => {
        using permit = await lock.acquire();
        await using other = lock.tryAcquire();
        expect([permit.weight, other]).toEqual([1, undefined]);
      },
    ],
    ["an abort", (lock) => lock.acquire({ signal: AbortSignal.abort(reason) })],
    ["a look", (lock) => [lock.available, lock.waiting, lock.capacity]],
    [
      "many at once",
      (lock) => Promise.all(Array.from({ length: 9 }, () => lock.use(() => turn()))),
    ],
  ])("after %s", async (_what, act) => {
    expect(await idle(act)).toBe(0);
  });

  it("after an abort while it waited, when the holder has left", async () => {
    const locks = keyed(() => mutex());
    const held = await locks.get("key").acquire();
    const controller = new AbortController();
    const waiting = locks.get("key").acquire({ signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(locks.size).toBe(1);
    held.release();
    expect(locks.size).toBe(0);
  });
});

describe("a read/write lock", () => {
  it("lets many read or one write, for each key", async () => {
    const files = keyed(() => rwLock());
    const [a, b] = [files.get("a"), files.get("b")];
    const readers = await Promise.all([a.read.acquire(), files.get("a").read.acquire()]);
    const writer = a.write.acquire();
    expect([await stateOf(writer), a.write.waiting, b.write.available]).toEqual(["pending", 1, 1]);
    expect([await b.write.use(() => files.size), files.size]).toEqual([2, 1]);
    expect(files.inspect().get("a")).toMatchObject({ kind: "rwLock", state: { readers: 2 } });
    for (const each of readers) each.release();
    expect([a.read.tryAcquire(), a.write.tryAcquire()]).toEqual([undefined, undefined]);
    (await writer).release();
    expect(files.size).toBe(0);
  });

  it("keeps its key when it is downgraded, until what is left is given back", async () => {
    const files = keyed(() => rwLock());
    const { read, write } = files.get("a");
    for (const writing of [
      async () => (await write.acquire()).downgrade(),
      async () => write.tryAcquire()?.downgrade(),
      async () => write.use((permit) => permit.downgrade()),
    ]) {
      const reading = await writing();
      expect([files.size, write.available, read.available]).toEqual([1, 0, Infinity]);
      reading?.release();
      reading?.release();
      expect([files.size, write.available]).toEqual([0, 1]);
    }
  });

  it("that was given back cannot be downgraded", async () => {
    const files = keyed(() => rwLock());
    const permit = await files.get("a").write.acquire();
    permit.release();
    expect(() => permit.downgrade()).toThrow(InvalidOptionError);
    let kept: WritePermit | undefined;
    await files.get("a").write.use((each) => void (kept = each));
    expect(() => kept?.downgrade()).toThrow(InvalidOptionError);
    expect(files.size).toBe(0);
  });

  it("is told from a semaphore", async () => {
    const files = keyed(() => rwLock());
    await expect((files.get("a") as unknown as Semaphore).acquire()).rejects.toThrow(
      "must give a semaphore, got object",
    );
    const slots = keyed(() => semaphore(1)).get("a") as unknown as { read: Semaphore };
    expect(() => slots.read.tryAcquire()).toThrow("must give a read/write lock, got object");
    expect(files.size).toBe(0);
  });
});

it("waits with `await using` until a permit of another place is given back", async () => {
  const inner = mutex();
  const { promise, resolve } = Promise.withResolvers<void>();
  const far = async (): Promise<Permit> => {
    const permit = await inner.acquire();
    const giveBack = (): Promise<void> => promise.then(() => permit.release());
    return Object.assign(permit, { [Symbol.asyncDispose]: giveBack });
  };
  const locks = keyed(() => Object.assign(mutex(), { acquire: far }));
  const used = (async (): Promise<void> => {
    await using permit = await locks.get("key").acquire();
    expect(permit.weight).toBe(1);
  })();
  expect([await stateOf(used), locks.size]).toEqual(["pending", 1]);
  resolve();
  await used;
  expect([locks.size, inner.locked]).toEqual([0, false]);
});

it("takes any value for a key, and names that mean something elsewhere", async () => {
  const locks = keyed<unknown>(() => mutex());
  const keys = ["__proto__", "constructor", Number.NaN, undefined, {}, Symbol("key")];
  const permits = await Promise.all(keys.map((key) => locks.get(key).acquire()));
  expect(locks.size).toBe(keys.length);
  expect(locks.get(Number.NaN).available).toBe(0);
  for (const permit of permits) permit.release();
  expect(locks.size).toBe(0);
});

it("takes semaphores of any place", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const inner = mutex();
  const foreign: Semaphore = {
    capacity: 1,
    available: 1,
    waiting: 0,
    acquire: (options) => promise.then(() => inner.acquire(options)),
    tryAcquire: () => undefined,
    use: async (call) => call(await foreign.acquire()),
  };
  const locks = keyed(() => foreign);
  const used = locks.get("key").use(() => locks.size);
  expect(locks.get("key").tryAcquire()).toBeUndefined();
  resolve();
  expect([await used, locks.size, locks.inspect().size]).toEqual([1, 0, 0]);
});

it("refuses what makes no semaphores, and keeps no key for it", async () => {
  expect(() => keyed(mutex() as never)).toThrow(InvalidOptionError);
  const locks = keyed(() => 5 as never);
  await expect(locks.get("key").acquire()).rejects.toThrow("must give a semaphore, got number");
  await expect(locks.get("key").use(() => 1)).rejects.toThrow(InvalidOptionError);
  expect(locks.size).toBe(0);
});
