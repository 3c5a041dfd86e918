import { threadId } from "node:worker_threads";
import { defineTasks, type TaskContext } from "@quintet/core";

/** What a set-up makes: not cloneable, and changed by tasks. */
export interface Counter {
  readonly count: () => number;
  readonly log: Int32Array;
}

export const upkeep = defineTasks("upkeep", import.meta.url, {
  /** Counts the set-ups at 0 of a shared log, and gives what tasks share. */
  open: async (log: Int32Array): Promise<Counter> => {
    await Promise.resolve();
    Atomics.add(log, 0, 1);
    let count = 0;
    return { log, count: () => ++count };
  },
  /** Counts the tear-downs at 1. */
  close: async (counter: Counter) => {
    await new Promise((resolve) => setImmediate(resolve));
    Atomics.add(counter.log, 1, 1);
  },
  count: (_: void, context: TaskContext) => (context.state as Counter).count(),
  state: (_: void, context: TaskContext) => typeof context.state,
  fail: () => {
    throw new RangeError("no such table");
  },
  never: () => new Promise<never>(() => {}),
  crash: () => {
    throw new TypeError("disk full");
  },
  where: () => threadId,
  /** Keeps so many bytes for good, and says where. */
  keep: (bytes: number) => {
    const kept = ((globalThis as { kept?: unknown[] }).kept ??= []);
    kept.push(new Uint8Array(bytes).fill(1));
    return threadId;
  },
});
