import { getEventListeners } from "node:events";
import { type AcquireOptions, notReady, type Permit } from "@quintet/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AnyPermit,
  type AnySemaphore,
  faults,
  NaiveSemaphore,
} from "../../test/naive-semaphore.ts";
import { runsOf } from "../../test/runs.ts";
import { ticks, turn } from "../../test/turns.ts";
import { type LocalSemaphore, semaphore } from "./semaphore.ts";

type Make = (capacity: number) => AnySemaphore;

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

// --- The order, step by step, against a model ---

type Step =
  | { readonly do: "acquire"; readonly weight: number; readonly priority: number }
  | { readonly do: "try"; readonly weight: number }
  | { readonly do: "release"; readonly which: number }
  | { readonly do: "abort"; readonly which: number }
  | { readonly do: "resize"; readonly capacity: number };

const capacity = 3;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("acquire" as const),
      weight: fc.integer({ min: 1, max: capacity }),
      priority: fc.constantFrom(0, 0, 1),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("try" as const),
      weight: fc.integer({ min: 1, max: capacity }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.oneof(
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant("release" as const), which: fc.nat(20) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("abort" as const), which: fc.nat(20) }) },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("resize" as const),
      // Not below the weights: who waits for more than there can be is refused, which has a test of its own.
      capacity: fc.integer({ min: capacity, max: 6 }),
    }),
  },
);

/** Takes steps with a semaphore, and tells what could be seen of it. */
class Script {
  readonly log: string[] = [];
  readonly signals: AbortSignal[] = [];
  readonly #semaphore: AnySemaphore;
  readonly #controllers: AbortController[] = [];
  readonly #permits: AnyPermit[] = [];

  constructor(target: AnySemaphore) {
    this.#semaphore = target;
  }

  async take(each: Step): Promise<void> {
    this.#act(each);
    await turn();
    const { available, waiting } = this.#semaphore;
    this.log.push(`${each.do}: ${available} free, ${waiting} wait`);
  }

  async finish(): Promise<void> {
    for (let index = 0; index < this.#permits.length; index++) {
      this.#permits[index]?.release();
      await turn();
    }
    this.log.push(`end: ${this.#semaphore.available} free, ${this.#semaphore.waiting} wait`);
  }

  #act(each: Step): void {
    if (each.do === "acquire") return this.#acquire(each.weight, each.priority);
    if (each.do === "resize") return this.#semaphore.resize(each.capacity);
    if (each.do === "abort") return this.#controllers[each.which]?.abort(each.which);
    if (each.do === "release") return this.#permits[each.which]?.release();
    const permit = this.#semaphore.tryAcquire(each.weight);
    if (permit) this.#permits.push(permit);
  }

  #acquire(weight: number, priority: number): void {
    const id = this.#controllers.length;
    const controller = new AbortController();
    this.#controllers.push(controller);
    this.signals.push(controller.signal);
    this.#semaphore.acquire({ weight, priority, signal: controller.signal }).then(
      (permit) => {
        this.#permits.push(permit);
        this.log.push(`granted ${id}`);
      },
      (reason: unknown) => this.log.push(`refused ${id}, ${String(reason)}`),
    );
  }
}

async function expectModelOrder(make: Make, seed?: number): Promise<void> {
  const compare = async (steps: readonly Step[]): Promise<void> => {
    const actual = new Script(make(capacity));
    const model = new Script(new NaiveSemaphore(capacity));
    for (const each of steps) {
      await actual.take(each);
      await model.take(each);
    }
    await actual.finish();
    await model.finish();
    expect(actual.log).toEqual(model.log);
    expect(actual.signals.map(listeners).filter((count) => count > 0)).toEqual([]);
  };
  const steps = fc.array(step, { minLength: 10, maxLength: 40 });
  await fc.assert(fc.asyncProperty(steps, compare), runsOf(100, seed));
}

// --- Tasks side by side, in any order of their steps ---

interface Plan {
  readonly weight: number;
  readonly aborts: boolean;
  readonly holds: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  weight: fc.integer({ min: 1, max: capacity }),
  aborts: fc.boolean(),
  holds: fc.nat(2),
});

/** Counts, apart from the semaphore, what is out. */
class Ledger {
  out = 0;
  most = 0;

  take(weight: number): void {
    this.out += weight;
    this.most = Math.max(this.most, this.out);
  }
}

/** One task: acquires, holds for some steps, and gives back twice. */
async function follow(
  target: AnySemaphore,
  ledger: Ledger,
  { weight, holds, aborts }: Plan,
  pause: (label: string) => Promise<unknown>,
): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const reason = { why: "enough" };
  const aborted = aborts && pause("abort").then(() => controller.abort(reason));
  await pause("start");
  try {
    const permit = await target.acquire({ weight, signal });
    ledger.take(weight);
    for (let left = holds; left > 0; left--) await pause("hold");
    ledger.out -= weight;
    permit.release();
    permit.release();
  } catch (error) {
    expect(error).toBe(reason);
  }
  await aborted;
  expect(listeners(signal)).toBe(0);
}

async function expectPermitsKept(make: Make, seed?: number): Promise<void> {
  const run = async (scheduler: fc.Scheduler, plans: readonly Plan[]): Promise<void> => {
    const target = make(capacity);
    const ledger = new Ledger();
    const pause = (label: string): Promise<unknown> => scheduler.schedule(Promise.resolve(), label);
    let ended = 0;
    const endings = Promise.allSettled(
      plans.map((each) => follow(target, ledger, each, pause).finally(() => ended++)),
    );
    await scheduler.waitIdle();
    await turn();
    expect(ended).toBe(plans.length);
    const failed = (await endings).filter(({ status }) => status === "rejected");
    expect(failed).toEqual([]);
    expect(ledger.most).toBeLessThanOrEqual(capacity);
    expect([target.available, target.waiting]).toEqual([capacity, 0]);
  };
  const plans = fc.array(plan, { minLength: 2, maxLength: 8 });
  await fc.assert(fc.asyncProperty(fc.scheduler(), plans, run), runsOf(150, seed));
}

// --- An abort between any two ticks of a program ---

/** Some tasks take turns, and the one with the signal is aborted after so many ticks. */
async function abortAfter(make: Make, moment: number): Promise<void> {
  const target = make(2);
  const controller = new AbortController();
  const { signal } = controller;
  const ledger = new Ledger();
  const reason = { moment };
  const work = async (weight: number, own?: AbortSignal): Promise<string> => {
    try {
      const permit = await target.acquire({ weight, signal: own });
      ledger.take(weight);
      await ticks(2);
      ledger.out -= weight;
      permit.release();
      return "done";
    } catch (error) {
      expect(error).toBe(reason);
      return "aborted";
    }
  };
  const endings: string[] = [];
  const begin = (weight: number, own?: AbortSignal): void => {
    work(weight, own).then(
      (ending) => endings.push(own ? "victim" : ending),
      (error: unknown) => endings.push(String(error)),
    );
  };
  begin(1);
  begin(2);
  begin(2, signal);
  for (const weight of [1, 1, 2]) begin(weight);
  await ticks(moment);
  controller.abort(reason);
  await turn();
  expect(endings.toSorted()).toEqual(["done", "done", "done", "done", "done", "victim"]);
  expect(ledger.most).toBe(2);
  expect([target.available, target.waiting, listeners(signal)]).toEqual([2, 0, 0]);
}

async function expectAbortsAnywhere(make: Make): Promise<void> {
  for (let moment = 0; moment < 60; moment++) await abortAfter(make, moment);
}

// ---

/** Whoever waits is an arm, which leaves when its signal aborts, as that of a select which another arm has won. */
function throughArms(target: LocalSemaphore): AnySemaphore {
  const acquire = async ({ signal, ...options }: AcquireOptions = {}): Promise<AnyPermit> => {
    signal?.throwIfAborted();
    const arm = target.acquiring(options);
    const ready = arm.poll();
    if (ready !== notReady) return ready;
    const { promise, resolve, reject } = Promise.withResolvers<Permit>();
    const end = (settle: () => void) => (): true => {
      signal?.removeEventListener("abort", leave);
      settle();
      return true;
    };
    const parked = arm.park({
      owner: {},
      fire: (permit) => end(() => resolve(permit))(),
      fail: (error) => end(() => reject(error))(),
    });
    const leave = (): void => {
      end(() => reject(signal?.reason))();
      parked.leave();
    };
    signal?.addEventListener("abort", leave);
    return promise;
  };
  return {
    get capacity() {
      return target.capacity;
    },
    get available() {
      return target.available;
    },
    get waiting() {
      return target.waiting;
    },
    acquire,
    tryAcquire: (weight) => target.tryAcquire(weight),
    resize: (most) => target.resize(most),
  };
}

const right: Record<string, Make> = {
  "our semaphore": (most) => semaphore(most),
  "our semaphore, by its arms": (most) => throughArms(semaphore(most)),
  "the naive one": (most) => new NaiveSemaphore(most),
};

describe.each(Object.keys(right))("%s", (name) => {
  const make = right[name] as Make;

  it("grants and refuses in the order of the model, whatever happens", async () => {
    await expectModelOrder(make);
  });

  it("never has more permits out than its capacity, and gets all back, in any order of steps", async () => {
    await expectPermitsKept(make);
  });

  it("loses nothing when an abort comes between any two ticks of a program", async () => {
    await expectAbortsAnywhere(make);
  });
});

describe("the checks", () => {
  it.each(faults)("catch a semaphore that %s", async (fault) => {
    const make: Make = (most) => new NaiveSemaphore(most, fault);
    const checks = [expectModelOrder, expectPermitsKept, expectAbortsAnywhere];
    const endings = await Promise.allSettled(checks.map((check) => check(make, 2)));
    const caught = endings.filter(({ status }) => status === "rejected");
    expect(caught.length).toBeGreaterThan(0);
  });
});
