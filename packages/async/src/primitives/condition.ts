import type {
  AcquireOptions,
  Inspectable,
  Inspection,
  Party,
  Permit,
  Semaphore,
} from "@quintet/core";
import { InvalidOptionError } from "@quintet/core";
import {
  checkedWait,
  ParkingLot,
  Primitive,
  type PrimitiveOptions,
  type WaitOptions,
  waitWatch,
  wholeNumber,
} from "@quintet/core/kit";
import { mutex } from "./mutex.ts";

/** What one can do while holding the lock of a condition; its functions may be taken out of it. */
export interface ConditionHold {
  /**
   * Gives the lock up, waits to be notified, and takes the lock again. It holds the lock again when it resolves, and
   * also when it rejects.
   */
  readonly wait: (options?: WaitOptions) => Promise<void>;
  /** Waits until a predicate holds, which is looked at now and after each notification. The timeout bounds all of it. */
  readonly waitFor: (predicate: () => boolean, options?: WaitOptions) => Promise<void>;
}

/** Lets holders of a lock wait until something about what it guards has changed. */
export interface Condition extends Inspectable {
  readonly name: string;
  /** Runs a function while holding the lock. */
  use<T>(call: (hold: ConditionHold) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T>;
  /** Wakes so many of those who wait, first come first. With nobody waiting it does nothing. Default: 1. */
  notify(count?: number): void;
  /** Wakes all who wait. */
  notifyAll(): void;
}

/** Options of `condition`. */
export interface ConditionOptions extends PrimitiveOptions {
  /** The lock it belongs to. Default: a mutex of its own. */
  readonly lock?: Semaphore | undefined;
}

/**
 * Makes a condition variable. Between a notification and the moment its waiter has the lock again others may run, so
 * a waiter looks again at what it waits for: `waitFor` does.
 *
 * *Ordering*: first come first notified; the lock is then taken in that order.
 * *Cancellation*: a wait that is aborted takes the lock again and rejects with `signal.reason`. Nothing cuts the
 * waiting for the lock short, since the code behind `wait` expects to hold it. A notification goes only to those
 * who still wait.
 * *Errors*: `TIMEOUT`, `CLOSED` by a lock that was closed, `INVALID_OPTION`.
 * *Cost*: O(1) to wait and to wake each.
 *
 * @example
 * ```ts
 * import { condition } from "@quintet/async";
 *
 * const basket: string[] = [];
 * const changed = condition();
 * const taken = changed.use(async ({ waitFor }) => {
 *   await waitFor(() => basket.length >= 2);
 *   return basket.splice(0, 2);
 * });
 * await changed.use(() => basket.push("apple", "pear"));
 * changed.notifyAll();
 * console.log(await taken); // => [ 'apple', 'pear' ]
 * ```
 */
export function condition(options?: ConditionOptions): Condition {
  const { lock, ...rest } = options ?? {};
  return new MonitorCondition(lock, rest);
}

class MonitorCondition extends Primitive implements Condition {
  readonly #lock: Semaphore;
  readonly #lot = new ParkingLot(this, "notification");

  constructor(lock: Semaphore | undefined, options: PrimitiveOptions) {
    super("condition", options);
    if (lock !== undefined && typeof lock?.acquire !== "function") {
      throw new InvalidOptionError(`${this.name}: lock must be a mutex, got ${typeof lock}.`);
    }
    this.#lock = lock ?? mutex({ name: `${this.name}'s lock` });
  }

  use<T>(call: (hold: ConditionHold) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T> {
    const use = (): Promise<T> => this.#use(call, options);
    return waitWatch.current ? waitWatch.current.runAs(undefined, use) : use();
  }

  notify(count: number = 1): void {
    const problem = wholeNumber(0)(count, "count");
    if (problem) throw new InvalidOptionError(`${this.name}: ${problem}.`);
    for (let left = Math.min(count, this.#lot.size); left > 0; left--) this.#lot.first?.grant();
  }

  notifyAll(): void {
    this.#lot.grantAll();
  }

  async #use<T>(
    call: (hold: ConditionHold) => T | PromiseLike<T>,
    options: AcquireOptions | undefined,
  ): Promise<T> {
    const permit = await this.#lock.acquire(options);
    const hold = new Hold(this.name, this.#lock, permit, this.#lot);
    try {
      if (options?.signal?.aborted) throw options.signal.reason;
      return await call(hold);
    } finally {
      hold.end();
    }
  }

  protected override state(): Inspection["state"] {
    return { waiting: this.#lot.size, locked: this.#lock.available === 0 };
  }

  protected override waiters(): Party[] {
    return this.#lot.parties();
  }
}

/** The lock in the hands of one `use`, which a wait gives up and takes again. */
class Hold implements ConditionHold {
  readonly #name: string;
  readonly #lock: Semaphore;
  readonly #lot: ParkingLot;
  /** None while it waits, and after its end. */
  #permit: Permit | undefined;
  #isOver = false;

  constructor(name: string, lock: Semaphore, permit: Permit, lot: ParkingLot) {
    this.#name = name;
    this.#lock = lock;
    this.#permit = permit;
    this.#lot = lot;
  }

  readonly wait = async (options?: WaitOptions): Promise<void> => {
    const checked = checkedWait(this.#name, options);
    const permit = this.#checkHeld();
    checked?.signal?.throwIfAborted();
    const notified = this.#lot.park(undefined, checked);
    this.#permit = undefined;
    permit.release();
    try {
      await notified;
    } finally {
      await this.#regain(permit.weight);
    }
  };

  readonly waitFor = async (predicate: () => boolean, options?: WaitOptions): Promise<void> => {
    const checked = checkedWait(this.#name, options);
    const { signal, timeout = Infinity } = checked ?? {};
    const { clock } = this.#lot.owner;
    const due = timeout === Infinity ? Infinity : clock.now() + timeout;
    this.#checkHeld();
    signal?.throwIfAborted();
    while (!predicate()) {
      const left = due === Infinity ? Infinity : Math.max(0, due - clock.now());
      await this.wait({ signal, timeout: left });
    }
  };

  /** The function has ended; a wait that it left behind gives the lock back as soon as it has it. */
  end(): void {
    this.#isOver = true;
    this.#permit?.release();
    this.#permit = undefined;
  }

  async #regain(weight: number): Promise<void> {
    const permit = await this.#lock.acquire(weight === 1 ? undefined : { weight });
    if (this.#isOver) permit.release();
    else this.#permit = permit;
  }

  #checkHeld(): Permit {
    if (this.#permit) return this.#permit;
    throw new InvalidOptionError(`${this.#name}: only who holds the lock can wait.`);
  }
}
