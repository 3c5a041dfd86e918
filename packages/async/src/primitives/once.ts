import type { Inspectable, Inspection, Party } from "@quintet/core";
import { InvalidOptionError } from "@quintet/core";
import {
  checkedWait,
  ParkingLot,
  Primitive,
  type PrimitiveOptions,
  typed,
  type WaitOptions,
} from "@quintet/core/kit";

/** A function that runs once; every call gives what came of it. */
export interface Once<T> extends Inspectable {
  (options?: WaitOptions): Promise<T>;
  /** Forgets the value, so that the next call runs the function again. One that runs is let go on, for those who wait for it. */
  reset(): void;
}

/**
 * Makes a function run once, at the first call; all calls wait for the same run and get the same value. An error
 * goes to those who wait for it, if anybody still does, and is not kept: the next call tries again.
 *
 * *Cancellation*: a caller that is aborted stops waiting, with `signal.reason`; the run goes on.
 * *Errors*: what the function throws; `TIMEOUT`, `INVALID_OPTION`.
 * *Cost*: O(1) a call.
 *
 * @example
 * ```ts
 * import { once } from "@quintet/async";
 *
 * let opened = 0;
 * const connect = once(async () => `connection ${++opened}`);
 * console.log(await Promise.all([connect(), connect()]));
 * // => [ 'connection 1', 'connection 1' ]
 * ```
 */
export function once<T>(call: () => T | PromiseLike<T>, options?: PrimitiveOptions): Once<T> {
  const cell = new OnceCell(call, options);
  const get = (wait?: WaitOptions): Promise<T> => cell.get(wait);
  return Object.assign(get, { reset: () => cell.reset(), inspect: () => cell.inspect() });
}

class OnceCell<T> extends Primitive {
  readonly #call: () => T | PromiseLike<T>;
  #kept: { readonly value: T } | undefined;
  #run: Run<T> | undefined;

  constructor(call: () => T | PromiseLike<T>, options: PrimitiveOptions | undefined) {
    super("once", options);
    const problem = typed("function")(call, "the first argument");
    if (problem) throw new InvalidOptionError(`${this.name}: ${problem}.`);
    this.#call = call;
  }

  async get(options?: WaitOptions): Promise<T> {
    const checked = checkedWait(this.name, options);
    checked?.signal?.throwIfAborted();
    if (this.#kept) return this.#kept.value;
    if (this.#run) return this.#run.lot.park(undefined, checked);
    const run: Run<T> = { lot: new ParkingLot(this, "value") };
    this.#run = run;
    const value = run.lot.park(undefined, checked);
    void this.#follow(run); // not before the caller waits: the function may be done at once
    return value;
  }

  reset(): void {
    this.#kept = undefined;
    this.#run = undefined;
  }

  protected override state(): Inspection["state"] {
    const running = this.#run !== undefined;
    return { done: this.#kept !== undefined, running, waiting: this.#run?.lot.size ?? 0 };
  }

  protected override waiters(): Party[] {
    return this.#run?.lot.parties() ?? [];
  }

  /** Never rejects: errors go to those who wait. */
  async #follow(run: Run<T>): Promise<void> {
    try {
      const value = await this.#call();
      if (this.#run === run) this.#kept = { value };
      this.#end(run);
      run.lot.grantAll(value);
    } catch (error) {
      this.#end(run);
      run.lot.refuseAll(error);
    }
  }

  #end(run: Run<T>): void {
    if (this.#run === run) this.#run = undefined;
  }
}

/** One run of the function, and those who wait for it. */
interface Run<T> {
  readonly lot: ParkingLot<T>;
}
