import {
  type Arm,
  InvalidOptionError,
  type Job,
  notReady,
  type Parked,
  type Selectable,
} from "@quintet/core";
import { ArmPlace, isThenable, WaitLine } from "@quintet/core/kit";

/** What has a result, such as a job or a coroutine. */
export type WithResult<T> = Pick<Job<T>, "result">;

/**
 * An arm for `select` that is ready when a job, a coroutine or a promise has settled. Its value is the result;
 * the select fails with its error, which then counts as handled.
 *
 * A promise cannot be told to forget who waits for it, so that each select would leave something behind at one that
 * lasts. Here a promise gets one reaction, however many selects wait for it, and those leave in O(1).
 *
 * @example
 * ```ts
 * import { eventLoop } from "@quintet/async";
 * import { after, select, settled } from "@quintet/coroutines";
 *
 * const executor = eventLoop();
 * const job = executor.submit(async () => 42);
 * console.log(await select({ answer: settled(job), late: after(1_000) }));
 * // => { arm: 'answer', value: 42 }
 * await executor.close();
 * ```
 */
export function settled<T>(source: PromiseLike<T> | WithResult<T>): Selectable<T> {
  const promise = isThenable(source) ? source : (source as WithResult<T> | null)?.result;
  if (!isThenable(promise)) {
    throw new InvalidOptionError(
      `settled: takes a promise, or what has one as its result; got ${typeof source}.`,
    );
  }
  let settlement = settlements.get(promise);
  if (!settlement) settlements.set(promise, (settlement = new Settlement(promise)));
  return settlement as Settlement<T>;
}

const settlements = new WeakMap<PromiseLike<unknown>, Settlement<unknown>>();

/** What is known of a promise, and who waits for it. */
class Settlement<T> implements Selectable<T> {
  readonly #arms = new WaitLine<ArmPlace<T>>();
  #outcome: { readonly value: T } | { readonly error: unknown } | undefined;

  constructor(promise: PromiseLike<T>) {
    promise.then(
      (value) => {
        this.#outcome = { value };
        for (let arm = this.#arms.take(); arm; arm = this.#arms.take()) arm.fire(value);
      },
      (error: unknown) => {
        this.#outcome = { error };
        for (let arm = this.#arms.take(); arm; arm = this.#arms.take()) arm.fail(error);
      },
    );
  }

  poll(): T | typeof notReady {
    if (!this.#outcome) return notReady;
    if ("error" in this.#outcome) throw this.#outcome.error;
    return this.#outcome.value;
  }

  park(arm: Arm<T>): Parked {
    const place = new ArmPlace(this.#arms, arm);
    this.#arms.join(place);
    return place;
  }
}
