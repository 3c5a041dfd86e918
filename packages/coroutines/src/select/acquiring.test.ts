import {
  type AcquireOptions,
  notReady,
  type Permit,
  type Selectable,
  type Semaphore,
} from "@quintet/core";
import { semaphore as makeSemaphore } from "@quintet/async";
import { onAbort, WaitList } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { stateOf, turn } from "../../test/state-of.ts";
import { channel } from "../channels/channel.ts";
import { acquiring, type AcquiringOptions } from "./acquiring.ts";
import { select, trySelect } from "./select.ts";

/** A semaphore with one permit that knows nothing of select. */
class Plain implements Semaphore {
  readonly capacity = 1;
  available = 1;
  readonly #queue = new WaitList<(permit: Permit) => void>();

  get waiting(): number {
    return this.#queue.size;
  }

  tryAcquire(): Permit | undefined {
    if (this.available === 0) return undefined;
    this.available--;
    return this.#permit();
  }

  async acquire({ signal }: AcquireOptions = {}): Promise<Permit> {
    return (
      this.tryAcquire() ??
      (await new Promise((resolve, reject) => {
        const node = this.#queue.join(resolve);
        if (!signal) return;
        onAbort(signal, (reason) => {
          if (this.#queue.leave(node)) reject(reason);
        });
      }))
    );
  }

  use(): never {
    throw new Error("not needed here");
  }

  #permit(): Permit {
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      const next = this.#queue.take();
      if (next) next(this.#permit());
      else this.available++;
    };
    return {
      weight: 1,
      signal: new AbortController().signal,
      release,
      [Symbol.dispose]: release,
      [Symbol.asyncDispose]: async () => release(),
    };
  }
}

describe("a semaphore that knows nothing of select", () => {
  it("gives the permit to the arm that wins, who releases it", async () => {
    const semaphore = new Plain();
    const won = await select({ permit: acquiring(semaphore) });
    expect(semaphore.available).toBe(0);
    expect(trySelect({ permit: acquiring(semaphore) })).toBeUndefined();
    const next = select({ permit: acquiring(semaphore) });
    expect(await stateOf(next)).toBe("pending");
    won.value.release();
    (await next).value.release();
    expect([semaphore.available, semaphore.waiting]).toEqual([1, 0]);
  });

  it("keeps the permit when the arm loses, also when it was granted in the same tick", async () => {
    const semaphore = new Plain();
    const c = channel<number>();
    const held = semaphore.tryAcquire();
    const lost = select({ permit: acquiring(semaphore), c: c.receiving() });
    c.trySend(1);
    expect((await lost).arm).toBe("c");
    expect(semaphore.waiting).toBe(0);

    const late = select({ permit: acquiring(semaphore), c: c.receiving() });
    expect(await stateOf(late)).toBe("pending");
    held?.release();
    c.trySend(2);
    expect((await late).arm).toBe("c");
    await turn();
    expect([semaphore.available, semaphore.waiting]).toEqual([1, 0]);
  });
});

it("waits for a permit of an event loop's semaphore, in its order, and leaves it when it loses", async () => {
  const semaphore = makeSemaphore(3);
  const c = channel<number>();
  const held = await semaphore.acquire({ weight: 2 });
  const heavy = select({ permit: acquiring(semaphore, { weight: 2 }), c: c.receiving() });
  expect(await stateOf(heavy)).toBe("pending");
  const light = select({ permit: acquiring(semaphore), c: c.receiving() });
  expect(await stateOf(light)).toBe("pending");
  c.trySend(1);
  expect((await heavy).arm).toBe("c");
  const won = await light;
  expect([won.arm, semaphore.available, semaphore.waiting]).toEqual(["permit", 0, 0]);
  if (won.arm === "permit") won.value.release();
  held.release();
  expect(semaphore.available).toBe(3);
  const refused = select({ permit: acquiring(semaphore, { weight: 4 }) });
  await expect(refused).rejects.toMatchObject({ code: "INVALID_OPTION" });
});

describe("an arm in the line of a semaphore", () => {
  it("is given back a permit that it does not take, and the next one gets it", async () => {
    const semaphore = makeSemaphore(1);
    const held = semaphore.tryAcquire();
    const arm = acquiring(semaphore);
    expect(arm.poll()).toBe(notReady);
    arm.park({ owner: {}, fire: () => false, fail: () => false });
    const next = semaphore.acquire();
    held?.release();
    (await next).release();
    expect([semaphore.available, semaphore.waiting]).toEqual([1, 0]);
  });

  it("may stand there twice for one select, which gets one permit", async () => {
    const semaphore = makeSemaphore(2);
    const held = await semaphore.acquire({ weight: 2 });
    const two = select([acquiring(semaphore), acquiring(semaphore)]);
    expect(semaphore.waiting).toBe(2);
    held.release();
    expect([semaphore.available, semaphore.waiting]).toEqual([1, 0]);
    (await two).value.release();
  });

  it("is taken by no select that meets another one, and none is lost", async () => {
    const semaphore = makeSemaphore(1);
    const other = makeSemaphore(1);
    const held = [semaphore.tryAcquire(), other.tryAcquire()];
    const selects = [1, 2].map(() => select([acquiring(semaphore), acquiring(other)]));
    for (const permit of held) permit?.release();
    const won = await Promise.all(selects);
    expect(won.map(({ arm }) => arm)).toEqual([0, 1]);
    for (const { value } of won) value.release();
    expect([semaphore.available, other.available]).toEqual([1, 1]);
    expect([semaphore.waiting, other.waiting]).toEqual([0, 0]);
  });

  it("fails when the semaphore is closed or becomes too small, and when an option is wrong", async () => {
    const semaphore = makeSemaphore(2, { name: "db" });
    const held = semaphore.tryAcquire(2);
    const heavy = select([acquiring(semaphore, { weight: 2 })]);
    semaphore.resize(1);
    await expect(heavy).rejects.toMatchObject({ code: "INVALID_OPTION" });
    const closed = select([acquiring(semaphore)]);
    semaphore.close();
    await expect(closed).rejects.toMatchObject({ code: "CLOSED" });
    await expect(select([acquiring(semaphore)])).rejects.toMatchObject({ code: "CLOSED" });
    held?.release();
    expect(() => acquiring(semaphore, { weight: 0 })).toThrow("db: weight must be");
  });

  it("is served by priority", async () => {
    const semaphore = makeSemaphore(1);
    const held = semaphore.tryAcquire();
    const order: string[] = [];
    const wait = async (name: string, priority: number): Promise<void> => {
      const { value } = await select([acquiring(semaphore, { priority })]);
      order.push(name);
      value.release();
    };
    const all = Promise.all([wait("low", 0), wait("high", 1)]);
    held?.release();
    await all;
    expect(order).toEqual(["high", "low"]);
  });
});

it("asks a semaphore that knows select", async () => {
  const asked: (AcquiringOptions | undefined)[] = [];
  const permit = new Plain().tryAcquire();
  const semaphore = Object.assign(new Plain(), {
    acquiring(options?: AcquiringOptions): Selectable<Permit> {
      asked.push(options);
      return { poll: () => permit as Permit, park: () => expect.unreachable() };
    },
  });
  expect((await select({ permit: acquiring(semaphore, { weight: 1 }) })).value).toBe(permit);
  expect(asked).toEqual([{ weight: 1 }]);
});
