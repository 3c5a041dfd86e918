import { getEventListeners } from "node:events";
import { ClosedError } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { stateOf, turn } from "../../test/turns.ts";
import { condition, type ConditionHold } from "./condition.ts";
import { mutex } from "./mutex.ts";
import { semaphore } from "./semaphore.ts";

const reason = { why: "enough" };

it("wakes those who wait, first come first, and loses a notification for nobody", async () => {
  const changed = condition();
  const order: string[] = [];
  changed.notify();
  const wait = (name: string): Promise<number> =>
    changed.use(async (hold) => {
      await hold.wait();
      return order.push(name);
    });
  const all = [wait("a"), wait("b"), wait("c"), wait("d")];
  await turn();
  expect([order, changed.inspect().state["waiting"]]).toEqual([[], 4]);
  changed.notify(2);
  await turn();
  expect(order).toEqual(["a", "b"]);
  changed.notifyAll();
  await Promise.all(all);
  expect(order).toEqual(["a", "b", "c", "d"]);
});

it("gives the lock up while it waits, and has it again afterwards, one at a time", async () => {
  const lock = mutex();
  const changed = condition({ lock });
  let inside = 0;
  const work = async ({ wait }: ConditionHold): Promise<void> => {
    await wait();
    inside++;
    expect([inside, lock.locked]).toEqual([1, true]);
    await turn();
    inside--;
  };
  const all = [changed.use(work), changed.use(work)];
  await turn();
  expect(lock.locked).toBe(false);
  await changed.use(() => changed.notifyAll());
  await Promise.all(all);
  expect(lock.available).toBe(1);
});

it("waits for a predicate, looked at again after each notification", async () => {
  const changed = condition();
  let count = 0;
  let looks = 0;
  const done = changed.use(async ({ waitFor }) => {
    await waitFor(() => {
      looks++;
      return count >= 2;
    });
    return count;
  });
  for (let step = 0; step < 4; step++) {
    await changed.use(() => void count++);
    changed.notifyAll();
    await turn();
  }
  expect([await done, looks]).toEqual([2, 3]);
});

describe("an abort", () => {
  it("takes the lock again before it rejects with the reason", async () => {
    const lock = mutex();
    const changed = condition({ lock });
    const controller = new AbortController();
    const { signal } = controller;
    const waiting = changed.use(async ({ wait }) => {
      const ending = await wait({ signal }).catch((error: unknown) => error);
      return [ending, lock.locked];
    });
    await turn();
    const held = await lock.acquire();
    controller.abort(reason);
    expect(await stateOf(waiting)).toBe("pending");
    held.release();
    expect(await waiting).toEqual([reason, true]);
    expect([lock.available, getEventListeners(signal, "abort")]).toEqual([1, []]);
  });

  it("lets the notification go to the next", async () => {
    const changed = condition();
    const controller = new AbortController();
    const [first, second] = [controller.signal, undefined].map((signal) =>
      changed.use(({ wait }) => wait({ signal })),
    );
    await turn();
    controller.abort(reason);
    changed.notify();
    await expect(first).rejects.toBe(reason);
    await second;
  });

  it("before it waits, or while it waits for the lock, changes nothing", async () => {
    const lock = mutex();
    const changed = condition({ lock });
    const signal = AbortSignal.abort(reason);
    await expect(changed.use(({ wait }) => wait({ signal }))).rejects.toBe(reason);
    const never = (): boolean => false;
    await expect(changed.use(({ waitFor }) => waitFor(never, { signal }))).rejects.toBe(reason);
    let calls = 0;
    await expect(changed.use(() => calls++, { signal })).rejects.toBe(reason);
    expect([lock.available, calls]).toEqual([1, 0]);
  });
});

it("bounds waiting for a predicate with one timeout for all of it", async () => {
  const clock = virtualClock();
  const changed = condition({ clock });
  const late = changed
    .use(({ waitFor }) => waitFor(() => false, { timeout: 100 }))
    .catch((error: unknown) => error);
  for (let step = 0; step < 3; step++) {
    await clock.advance(30);
    changed.notify();
  }
  await clock.advance(9);
  expect(await stateOf(late)).toBe("pending");
  await clock.advance(1);
  expect(await late).toMatchObject({ code: "TIMEOUT" });
  expect([clock.pending, changed.inspect().state]).toEqual([0, { waiting: 0, locked: false }]);
});

it("gives back a lock that a wait took after the end of use", async () => {
  const lock = mutex();
  const changed = condition({ lock });
  let left: Promise<void> | undefined;
  await changed.use(({ wait }) => {
    left = wait();
  });
  changed.notify();
  await left;
  expect(lock.available).toBe(1);
});

it("rejects when the lock is closed while it waits, and holds nothing", async () => {
  const lock = mutex();
  const changed = condition({ lock });
  const waiting = changed.use(({ wait }) => wait());
  await turn();
  lock.close();
  changed.notify();
  await expect(waiting).rejects.toBeInstanceOf(ClosedError);
  expect(lock.inspect().state["taken"]).toBe(0);
});

it("takes any semaphore as its lock, with its weight", async () => {
  const lock = semaphore(3);
  const changed = condition({ lock });
  const waiting = changed.use(({ wait }) => wait(), { weight: 3 });
  await turn();
  expect(lock.available).toBe(3);
  changed.notify();
  await waiting;
  expect(lock.available).toBe(3);
});

it("refuses to wait for who does not hold the lock, and bad input", async () => {
  const changed = condition({ name: "changed" });
  let kept: ConditionHold | undefined;
  await changed.use((hold) => void (kept = hold));
  await expect(kept?.wait()).rejects.toThrow("changed: only who holds the lock can wait.");
  expect(() => changed.notify(-1)).toThrow("changed: count must be a whole number from 0 up");
  expect(() => condition({ lock: 1 as never })).toThrow("lock must be a mutex, got number");
});
