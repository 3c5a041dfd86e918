import { type Inspectable, type Inspection, InvalidOptionError, type Party } from "@quintet/core";
import {
  checkedWait,
  ParkingLot,
  Primitive,
  type PrimitiveOptions,
  type WaitOptions,
  wholeNumber,
} from "@quintet/core/kit";

/** Opens, for good, when it was counted down to 0. */
export interface Latch extends Inspectable {
  readonly name: string;
  /** What is left to count. */
  readonly count: number;
  /** Counts down. *Errors*: `INVALID_OPTION` for more than is left; nothing is counted then. */
  countDown(by?: number): void;
  /** Resolves when it is open, at once when it is so already. */
  wait(options?: WaitOptions): Promise<void>;
}

/**
 * Makes a latch that opens after so many counts, a whole number from 0 up: wait until all parts of something are done.
 *
 * *Cancellation*: rejects with `signal.reason`. *Errors*: `TIMEOUT`, `INVALID_OPTION`.
 * *Cost*: O(1) to wait and to count; one step for each who waits to open.
 *
 * @example
 * ```ts
 * import { latch } from "@quintet/async";
 *
 * const warm = latch(2);
 * for (const cache of ["users", "prices"]) {
 *   void Promise.resolve(cache).then(() => warm.countDown());
 * }
 * await warm.wait();
 * console.log(warm.count); // => 0
 * ```
 */
export function latch(count: number, options?: PrimitiveOptions): Latch {
  return new CountDown(count, options);
}

class CountDown extends Primitive implements Latch {
  #count: number;
  readonly #lot = new ParkingLot(this, "opening");

  constructor(count: number, options: PrimitiveOptions | undefined) {
    super("latch", options);
    this.#check(wholeNumber(0)(count, "count"));
    this.#count = count;
  }

  get count(): number {
    return this.#count;
  }

  countDown(by: number = 1): void {
    this.#check(wholeNumber(1)(by, "by"));
    this.#check(
      by > this.#count ? `${by} is more than is left to count, ${this.#count}` : undefined,
    );
    this.#count -= by;
    if (this.#count === 0) this.#lot.grantAll();
  }

  async wait(options?: WaitOptions): Promise<void> {
    const checked = checkedWait(this.name, options);
    checked?.signal?.throwIfAborted();
    if (this.#count > 0) await this.#lot.park(undefined, checked);
  }

  protected override state(): Inspection["state"] {
    return { count: this.#count, waiting: this.#lot.size };
  }

  protected override waiters(): Party[] {
    return this.#lot.parties();
  }

  #check(problem: string | undefined): void {
    if (problem) throw new InvalidOptionError(`${this.name}: ${problem}.`);
  }
}
