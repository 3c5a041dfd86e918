import { ItemQueue } from "./item-queue.ts";
import type { LocalQueue, QueueOptions } from "./local-queue.ts";

/**
 * Makes a queue in which the item put last is the first one out. All else is as in `queue`.
 *
 * @example
 * ```ts
 * import { lifoQueue } from "@quintet/async";
 *
 * const undo = lifoQueue<string>();
 * undo.tryPut("typed a");
 * undo.tryPut("typed b");
 * console.log(await undo.get()); // => typed b
 * ```
 */
export function lifoQueue<T>(options?: QueueOptions): LocalQueue<T> {
  return new ItemQueue<T>("lifoQueue", options);
}
