import type { AcquireOptions, Inspectable, Permit, Selectable, Semaphore } from "@quintet/core";
import { CountingSemaphore, type PrimitiveOptions } from "@quintet/core/kit";

/** A lock with one holder, which is a semaphore with one permit. */
export interface Mutex extends Semaphore, Inspectable {
  readonly name: string;
  /** Whether somebody holds it. */
  readonly locked: boolean;
  /** An arm for `select` of `@quintet/coroutines`, as that of a semaphore. */
  acquiring(options?: Pick<AcquireOptions, "priority">): Selectable<Permit>;
  /** Refuses those who wait, and whoever comes. The holder keeps its permit. A second call does nothing. */
  close(reason?: unknown): void;
}

/**
 * Makes a mutex: one holder at a time. Only the permit unlocks it, and only once. A holder that acquires it again
 * waits for itself: `watchWaits` reports that.
 *
 * *Ordering*, *Cancellation*, *Errors*, *Cost*: those of `semaphore`.
 *
 * @example
 * ```ts
 * import { mutex } from "@quintet/async";
 *
 * const lock = mutex();
 * let balance = 100;
 * const withdraw = (amount: number) =>
 *   lock.use(async () => {
 *     const before = balance;
 *     await Promise.resolve(); // somebody else may run here
 *     balance = before - amount;
 *   });
 * await Promise.all([withdraw(10), withdraw(20)]);
 * console.log(balance); // => 70
 * ```
 */
export function mutex(options?: PrimitiveOptions): Mutex {
  return new CountingSemaphore("mutex", 1, options);
}
