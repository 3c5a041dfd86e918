import { type Arm, notReady, type Parked, type Selectable } from "@quintet/core";
import { type Clock, duration, systemClock, typed, validateOptions } from "@quintet/core/kit";
import { InvalidOptionError } from "@quintet/core";

/** Options of `after`. */
export interface AfterOptions {
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const rules = { clock: typed("object") };
const isDuration = duration(true);

/**
 * An arm for `select` that is ready so many milliseconds from now, counted from this call: made before a loop it bounds
 * all of it, made within the loop it bounds each wait. A timer runs only while a select waits for it.
 *
 * *Errors*: `INVALID_OPTION` when it is no number of milliseconds from 0 up. `Infinity` is never ready.
 *
 * @example
 * ```ts
 * import { after, channel, select } from "@quintet/coroutines";
 *
 * const silent = channel<string>();
 * const won = await select({ word: silent.receiving(), late: after(5) });
 * console.log(won.arm); // => late
 * ```
 */
export function after(delay: number, options?: AfterOptions): Selectable<void> {
  const problem = isDuration(delay, "the delay");
  if (problem) throw new InvalidOptionError(`after: ${problem}.`);
  const { clock = systemClock } = validateOptions<AfterOptions>("after", options, rules);
  return new TimeArm(clock, clock.now() + delay);
}

class TimeArm implements Selectable<void> {
  readonly #clock: Clock;
  readonly #due: number;

  constructor(clock: Clock, due: number) {
    this.#clock = clock;
    this.#due = due;
  }

  poll(): void | typeof notReady {
    return this.#clock.now() >= this.#due ? undefined : notReady;
  }

  park(arm: Arm<void>): Parked {
    if (this.#due === Infinity) return { leave() {} };
    const timer = this.#clock.after(this.#due - this.#clock.now(), () => arm.fire());
    return { leave: () => timer.cancel() };
  }
}
