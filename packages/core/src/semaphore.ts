/** Options of `acquire`. */
export interface AcquireOptions {
  /** How many permits, at most the semaphore's capacity. Default: 1. */
  readonly weight?: number | undefined;
  /** Stops waiting; no permit is lost. */
  readonly signal?: AbortSignal | undefined;
  /** Longest wait in milliseconds. Default: none. */
  readonly timeout?: number | undefined;
  /** Higher first, first come first within one. Default: 0. */
  readonly priority?: number | undefined;
}

/** The right to go on; give it back with `release()`, `using` or `await using`. */
export interface Permit extends Disposable, AsyncDisposable {
  readonly weight: number;
  /** Fires when the permit is lost, which can happen where it is a lease over a network: with `LEASE_LOST`. */
  readonly signal: AbortSignal;
  /** Gives it back; a second call does nothing. */
  release(): void;
}

/**
 * Permits for a bounded number of holders.
 *
 * *Ordering*: first come first within a priority, nobody passes a heavier waiter before it.
 * *Cancellation*: an abort while waiting loses no permit.
 */
export interface Semaphore {
  readonly capacity: number;
  readonly available: number;
  /** How many wait. */
  readonly waiting: number;
  acquire(options?: AcquireOptions): Promise<Permit>;
  /** Takes a permit if one is free and nobody waits. */
  tryAcquire(weight?: number): Permit | undefined;
  /** Runs a function while holding a permit, and gives it back however the function ends. */
  use<T>(call: (permit: Permit) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T>;
}
