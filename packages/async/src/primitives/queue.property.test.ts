import { getEventListeners } from "node:events";
import { isQuintetError } from "@quintet/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../test/runs.ts";
import { turn } from "../../test/turns.ts";
import type { LocalQueue } from "./local-queue.ts";
import { queue } from "./queue.ts";

const reason = { why: "enough" };

interface Plan {
  readonly does: "put" | "get";
  readonly aborts: boolean;
}

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  does: fc.constantFrom("put", "get"),
  aborts: fc.boolean(),
});

/** What was put and what was got, noted apart from the queue. */
class Ledger {
  readonly put: number[] = [];
  readonly got: number[] = [];
}

/** Puts a number of its own, or gets one, and may be aborted at any step. */
async function follow(
  jobs: LocalQueue<number>,
  ledger: Ledger,
  { does, aborts }: Plan,
  item: number,
  pause: () => Promise<unknown>,
): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const aborted = aborts && pause().then(() => controller.abort(reason));
  await pause();
  try {
    if (does === "put") {
      await jobs.put(item, { signal });
      ledger.put.push(item);
    } else ledger.got.push(await jobs.get({ signal }));
  } catch (error) {
    if (!isQuintetError(error, "CLOSED")) expect(error).toBe(reason);
  }
  await aborted;
  expect(getEventListeners(signal, "abort")).toEqual([]);
}

/** Everything that was put comes out once, in order, and nothing else does, whatever is aborted when. */
async function expectItemsKept(
  make: (capacity: number) => LocalQueue<number>,
  seed?: number,
): Promise<void> {
  const run = async (
    scheduler: fc.Scheduler,
    plans: readonly Plan[],
    capacity: number,
  ): Promise<void> => {
    const jobs = make(capacity);
    const ledger = new Ledger();
    const pause = (): Promise<unknown> => scheduler.schedule(Promise.resolve());
    const endings = Promise.allSettled(
      plans.map((plan, item) => follow(jobs, ledger, plan, item, pause)),
    );
    await scheduler.waitIdle();
    await turn();
    const { waiters } = jobs.inspect();
    // Who waits for an item stands beside none, and who waits for room beside none.
    const possible = jobs.size === 0 ? "item" : jobs.size === capacity && "room";
    expect(waiters.filter(({ what }) => what !== possible)).toEqual([]);
    while (jobs.size > 0) {
      ledger.got.push(jobs.tryGet()?.value as number);
      await turn();
    }
    expect(ledger.got).toEqual(ledger.put);
    jobs.shutdown();
    const failed = (await endings).filter(({ status }) => status === "rejected");
    expect(failed).toEqual([]);
  };
  const plans = fc.array(anyPlan, { minLength: 2, maxLength: 12 });
  const capacity = fc.integer({ min: 1, max: 3 });
  await fc.assert(fc.asyncProperty(fc.scheduler(), plans, capacity, run), runsOf(150, seed));
}

it("loses no item and gives none twice, in any order of steps", async () => {
  await expectItemsKept((capacity) => queue({ capacity }));
});

describe("the check", () => {
  type Queue = LocalQueue<number>;

  /** A queue of which one method is another. */
  const changed = (change: (jobs: Queue) => Partial<Queue>) => (capacity: number) => {
    const jobs = queue<number>({ capacity });
    const parts = change(jobs);
    return new Proxy(jobs, {
      get(target, key) {
        if (key in parts) return parts[key as keyof Queue];
        const value = Reflect.get(target, key, target) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };

  const broken: Record<string, (capacity: number) => Queue> = {
    "loses the item of one that is aborted as it arrives": changed((jobs) => ({
      async get(options) {
        const item = await jobs.get();
        if (options?.signal?.aborted) throw options.signal.reason;
        return item;
      },
    })),
    "puts an item although its put was aborted": changed((jobs) => ({
      async put(item, options) {
        const { promise, reject } = Promise.withResolvers<never>();
        options?.signal?.addEventListener("abort", () => reject(reason), { once: true });
        await Promise.race([jobs.put(item), promise]);
      },
    })),
    "gives an item to two": changed((jobs) => ({
      async get(options) {
        const item = await jobs.get(options);
        if (jobs.size === 0) jobs.tryPut(item);
        return item;
      },
    })),
  };

  it.each(Object.keys(broken))("catches a queue that %s", async (name) => {
    await expect(expectItemsKept(broken[name] as never, 1)).rejects.toThrow(/Property failed/);
  });
});
