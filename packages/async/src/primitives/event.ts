import type { Inspectable, Inspection, Party } from "@quintet/core";
import {
  checkedWait,
  ParkingLot,
  Primitive,
  type PrimitiveOptions,
  type WaitOptions,
} from "@quintet/core/kit";

/** Something that has happened or not, and that can be waited for. */
export interface SettableEvent extends Inspectable {
  readonly name: string;
  readonly isSet: boolean;
  /** Lets all who wait go on, and whoever comes until `clear()`. A second call does nothing. */
  set(): void;
  /** Lets those who come from now on wait. */
  clear(): void;
  /** Resolves when it is set, at once when it is so already. */
  wait(options?: WaitOptions): Promise<void>;
}

/**
 * Makes an event that is not set yet. Those who waited when it was set go on, even when it is cleared right after.
 *
 * *Cancellation*: rejects with `signal.reason`. *Errors*: `TIMEOUT`, `INVALID_OPTION`.
 * *Cost*: O(1) to wait; one step for each who waits to set.
 *
 * @example
 * ```ts
 * import { event } from "@quintet/async";
 *
 * const ready = event();
 * const greeting = ready.wait().then(() => "hello");
 * ready.set();
 * console.log(await greeting); // => hello
 * ```
 */
export function event(options?: PrimitiveOptions): SettableEvent {
  return new Flag(options);
}

class Flag extends Primitive implements SettableEvent {
  isSet = false;
  readonly #lot = new ParkingLot(this, "event");

  constructor(options: PrimitiveOptions | undefined) {
    super("event", options);
  }

  set(): void {
    this.isSet = true;
    this.#lot.grantAll();
  }

  clear(): void {
    this.isSet = false;
  }

  async wait(options?: WaitOptions): Promise<void> {
    const checked = checkedWait(this.name, options);
    checked?.signal?.throwIfAborted();
    if (!this.isSet) await this.#lot.park(undefined, checked);
  }

  protected override state(): Inspection["state"] {
    return { isSet: this.isSet, waiting: this.#lot.size };
  }

  protected override waiters(): Party[] {
    return this.#lot.parties();
  }
}
