import { ItemQueue } from "./item-queue.ts";
import type { PriorityQueue, QueueOptions } from "./local-queue.ts";

/**
 * Makes a queue in which the item with the highest priority is the first one out, and the first put among equals. The
 * priority is an option of `put`: a number, higher first as everywhere in Quintet. Those who wait for room are served
 * in that order as well. All else is as in `queue`.
 *
 * *Cost*: O(1) with few distinct priorities in it, O(log p) with p of them.
 *
 * @example
 * ```ts
 * import { priorityQueue } from "@quintet/async";
 *
 * const inbox = priorityQueue<string>();
 * await inbox.put("newsletter");
 * await inbox.put("alarm", { priority: 10 });
 * console.log(await inbox.get(), await inbox.get()); // => alarm newsletter
 * ```
 */
export function priorityQueue<T>(options?: QueueOptions): PriorityQueue<T> {
  return new ItemQueue<T>("priorityQueue", options);
}
