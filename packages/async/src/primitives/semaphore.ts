import type { AcquireOptions, Inspectable, Permit, Selectable, Semaphore } from "@quintet/core";
import { CountingSemaphore, type PrimitiveOptions } from "@quintet/core/kit";

/** A semaphore of this process. */
export interface LocalSemaphore extends Semaphore, Inspectable {
  readonly name: string;
  /** Whether no permit is free. */
  readonly locked: boolean;
  /**
   * An arm for `select` of `@quintet/coroutines`, which waits in line with the others: one that has lost has left it
   * by then. *Errors*: `INVALID_OPTION`.
   */
  acquiring(options?: Pick<AcquireOptions, "weight" | "priority">): Selectable<Permit>;
  /**
   * Changes the capacity. With more, those who are next go on; with less, nobody's permit is taken away, and the
   * next one is given out when enough have come back. *Errors*: `INVALID_OPTION`; also for those who wait for more
   * than the new capacity.
   */
  resize(capacity: number): void;
  /**
   * Refuses those who wait, and whoever comes, with a `CLOSED` error or a reason of your own. Holders keep their
   * permits. A second call does nothing.
   */
  close(reason?: unknown): void;
}

/**
 * Makes a semaphore: at most so many permits are out at a time. The capacity is a whole number from 1 up, or `Infinity`.
 *
 * *Ordering*: higher priority first, first come first within one. Permits go from hand to hand: nobody passes those
 * who wait, not even for less than they wait for, so that heavy waiters get their turn.
 * *Cancellation*: an abort while waiting loses no permit; one that comes after the grant finds the permit granted.
 * `use` does not call its function after an abort, and gives the permit back.
 * *Errors*: `INVALID_OPTION`, also for a weight that could never be granted; `TIMEOUT`, `CLOSED`.
 * *Cost*: a free permit takes no turn of the event loop with `tryAcquire` and `use`; O(1) to wait, to abort and to
 * release, with few distinct priorities.
 *
 * @example
 * ```ts
 * import { semaphore } from "@quintet/async";
 *
 * const connections = semaphore(2);
 * const fetchOne = (name: string) => connections.use(async () => `${name} fetched`);
 * console.log(await Promise.all(["a", "b", "c"].map(fetchOne)));
 * // => [ 'a fetched', 'b fetched', 'c fetched' ]
 *
 * const permit = connections.tryAcquire() ?? (await connections.acquire({ timeout: 1_000 }));
 * console.log(connections.available); // => 1
 * permit.release();
 * ```
 */
export function semaphore(capacity: number, options?: PrimitiveOptions): LocalSemaphore {
  return new CountingSemaphore("semaphore", capacity, options);
}
