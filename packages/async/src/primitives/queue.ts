import { ItemQueue } from "./item-queue.ts";
import type { LocalQueue, QueueOptions } from "./local-queue.ts";

/**
 * Makes a queue between those who put items and those who get them: the first item put is the first one out.
 *
 * *Ordering*: items first in, first out; those who wait for an item or for room, first come first served. An item
 * goes straight to whoever waits for one, and nobody can get it before.
 * *Cancellation*: a `put` that is aborted has put nothing; a `get` that is aborted has taken nothing.
 * *Errors*: `CLOSED` once it is shut down, and empty for those who get; `TIMEOUT`, `INVALID_OPTION`.
 * *Cost*: O(1) to put, to get, to wait and to abort.
 *
 * It has the methods of Python's `asyncio.Queue`. A promise as an item arrives as what it resolves to.
 *
 * @example
 * ```ts
 * import { queue } from "@quintet/async";
 *
 * const jobs = queue<string>({ capacity: 10 });
 * const worker = async () => {
 *   for await (const job of jobs) {
 *     console.log(job);
 *     jobs.taskDone();
 *   }
 * };
 * const done = worker();
 * await jobs.put("first");
 * await jobs.put("second");
 * await jobs.join(); // both are done
 * jobs.shutdown();
 * await done;
 * // => first
 * // => second
 * ```
 */
export function queue<T>(options?: QueueOptions): LocalQueue<T> {
  return new ItemQueue<T>("queue", options);
}
