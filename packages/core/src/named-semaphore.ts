import type { Inspection } from "./inspection.ts";
import type { AcquireOptions, Permit } from "./semaphore.ts";

/** A permit of a semaphore that has a name. */
export interface NamedPermit extends Permit {
  /**
   * Grows with each grant. Whoever guards what the semaphore stands for can refuse a holder with a smaller number than
   * one it has seen: that holder has lost its permit, and may not know it yet.
   */
  readonly fencingToken: number;
}

/**
 * A semaphore that an executor and its tasks share by name, in this thread, in others, or on other machines.
 * So all that is asked of it is answered by a promise.
 *
 * What a task has acquired through its context and not given back goes back when it has ended, however it ended, also with
 * its worker. When the task is cancelled, its waits end with the reason.
 *
 * *Ordering*: higher priority first, first come first within one; nobody passes a heavier waiter before it.
 * *Cancellation*: an abort while waiting loses no permit; one that comes after the grant finds the permit granted.
 * *Errors*: `INVALID_OPTION`, also for a weight that could never be granted; `TIMEOUT`; `CLOSED` when the executor is closed,
 * or the task has ended; of a queue those of its connection, too.
 *
 * @example
 * ```ts
 * import { eventLoop } from "@quintet/async";
 *
 * const executor = eventLoop();
 * const seats = executor.semaphore("seats", 2);
 * const left = await seats.use(async () => (await seats.inspect()).state["available"]);
 * console.log(left); // => 1
 * await executor.close();
 * ```
 */
export interface NamedSemaphore {
  readonly name: string;
  acquire(options?: AcquireOptions): Promise<NamedPermit>;
  /** Takes a permit if one is free and nobody waits. */
  tryAcquire(weight?: number): Promise<NamedPermit | undefined>;
  /** Runs a function while holding a permit, and gives it back however the function ends. */
  use<T>(call: (permit: NamedPermit) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T>;
  /** How many permits there are and are free, and how many wait. */
  inspect(): Promise<Inspection>;
}
