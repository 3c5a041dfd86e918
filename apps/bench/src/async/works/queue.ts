import { count } from "../../format.ts";
import type { AsyncWork } from "../async-work.ts";

/** Items that workers take from a queue. */
export const queueWork = (name: string, items: number, workers: number): AsyncWork => ({
  name,
  title: `${count(items)} items are put in one tick and taken by ${workers} workers`,
  tasks: items,
  prepare(subject, task) {
    const queue = subject.queue?.();
    return queue && (() => queue.passOn(items, workers, task));
  },
});
