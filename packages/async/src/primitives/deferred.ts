import type { Inspectable, Inspection, Party } from "@quintet/core";
import {
  checkedWait,
  isThenable,
  ParkingLot,
  Primitive,
  type PrimitiveOptions,
  type WaitOptions,
} from "@quintet/core/kit";

/** A promise with the handles to settle it, which one can stop waiting for. */
export interface Deferred<T> extends Inspectable {
  readonly name: string;
  /** For `await` and everything else that takes a promise. */
  readonly promise: Promise<T>;
  /** Whether it has its value or its error. */
  readonly settled: boolean;
  /** Settles it, or lets it follow a promise. Only the first `resolve` or `reject` counts. */
  resolve(value: T | PromiseLike<T>): void;
  /** Settles it with an error. */
  reject(reason: unknown): void;
  /** Waits for it. Whoever stops waiting leaves nothing behind, however long the deferred lives. */
  wait(options?: WaitOptions): Promise<T>;
}

/**
 * Makes a deferred: somebody waits for a value, somebody else brings it.
 *
 * *Cancellation*: `wait` rejects with `signal.reason`; the deferred itself goes on. An error that nobody waited for
 * is an unhandled rejection, as with any promise.
 * *Errors*: `TIMEOUT`, `INVALID_OPTION`. *Cost*: O(1) to wait; one step for each who waits to settle.
 *
 * @example
 * ```ts
 * import { deferred } from "@quintet/async";
 *
 * const answer = deferred<number>();
 * const doubled = answer.wait({ timeout: 1_000 }).then((value) => value * 2);
 * answer.resolve(21);
 * console.log(await doubled); // => 42
 * ```
 */
export function deferred<T = void>(options?: PrimitiveOptions): Deferred<T> {
  return new SettleOnce(options);
}

class SettleOnce<T> extends Primitive implements Deferred<T> {
  readonly promise: Promise<T>;
  readonly #resolvers: PromiseWithResolvers<T> = Promise.withResolvers();
  #isResolved = false;
  #isSettled = false;
  readonly #lot: ParkingLot<T> = new ParkingLot(this, "value");

  constructor(options: PrimitiveOptions | undefined) {
    super("deferred", options);
    this.promise = this.#resolvers.promise;
  }

  get settled(): boolean {
    return this.#isSettled;
  }

  resolve(value: T | PromiseLike<T>): void {
    if (this.#isResolved) return;
    this.#isResolved = true;
    if (!isThenable(value)) return this.#fulfil(value);
    Promise.resolve(value).then(
      (found: T) => this.#fulfil(found),
      (reason: unknown) => this.#fail(reason),
    );
  }

  reject(reason: unknown): void {
    if (this.#isResolved) return;
    this.#isResolved = true;
    this.#fail(reason);
  }

  async wait(options?: WaitOptions): Promise<T> {
    const checked = checkedWait(this.name, options);
    checked?.signal?.throwIfAborted();
    if (this.#isSettled) return this.promise;
    return this.#lot.park(undefined, checked);
  }

  protected override state(): Inspection["state"] {
    return { settled: this.#isSettled, waiting: this.#lot.size };
  }

  protected override waiters(): Party[] {
    return this.#lot.parties();
  }

  #fulfil(value: T): void {
    this.#isSettled = true;
    this.#resolvers.resolve(value);
    this.#lot.grantAll(value);
  }

  #fail(reason: unknown): void {
    this.#isSettled = true;
    if (this.#lot.size > 0) this.promise.catch(ignore); // who waits here hears of it
    this.#resolvers.reject(reason);
    this.#lot.refuseAll(reason);
  }
}

const ignore = (): void => {};
