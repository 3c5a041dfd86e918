import type { LocalExecutor } from "@quintet/core";
import {
  type Clock,
  duration,
  systemClock,
  TaskExecutor,
  typed,
  validateOptions,
  wholeNumber,
} from "@quintet/core/kit";
import { Scheduler } from "../scheduling/scheduler.ts";
import { schedulerOf } from "../scheduling/shared-scheduler.ts";
import { TimeSlice } from "../scheduling/time-slice.ts";
import { CoroutineEngine } from "./coroutine-engine.ts";

/** Options of `coroutines`. */
export interface CoroutinesOptions {
  /** For traces and messages. Default: `"coroutines"`. */
  readonly name?: string | undefined;
  /**
   * How long all tasks together may hold the thread before timers and I/O get their turn, in milliseconds.
   * Default: 10, in a page 5, shared with all other coroutines of the program.
   */
  readonly slice?: number | undefined;
  /** How many tasks run side by side. Default: `Infinity`. */
  readonly concurrency?: number | undefined;
  /** How many accepted tasks may wait. Default: `Infinity`. */
  readonly maxQueue?: number | undefined;
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * Makes an executor that runs generator tasks a step at a time, in turns, on the caller's own thread: for work that
 * computes for longer than timers and I/O should wait, and that can say where it may be interrupted. Each `yield` is
 * such a place. A yielded promise is awaited, its value is what `yield` gives; other yielded values are the stream.
 * Tasks that are no sync generators run as they are.
 *
 * *Ordering*: by priority, in turns within one: after a `yield`, the next one of the same priority goes on.
 * *Cancellation*: a generator is ended at the `yield` it stands at, waiting or not; its `finally` runs.
 * Other tasks are asked to stop through `context.signal`. The slot is taken until the function has ended.
 * *Errors*: `INVALID_OPTION`.
 * *Cost*: O(1) for each `yield`; O(log p) to enqueue and to cancel, with p distinct priorities waiting.
 *
 * @example
 * ```ts
 * import { coroutines } from "@quintet/coroutines";
 *
 * const executor = coroutines();
 * function* count(name: string) {
 *   for (let n = 1; n <= 2; n++) {
 *     console.log(name, n);
 *     yield n;
 *   }
 *   return name;
 * }
 * console.log(await Promise.all([executor.run(count, "a"), executor.run(count, "b")]));
 * // => a 1
 * // => b 1
 * // => a 2
 * // => b 2
 * // => [ 'a', 'b' ]
 * await executor.close();
 * ```
 */
export function coroutines(options?: CoroutinesOptions): LocalExecutor {
  const checked = validateOptions<CoroutinesOptions>("coroutines()", options, {
    name: typed("string"),
    slice: duration(),
    concurrency: wholeNumber(1, true),
    maxQueue: wholeNumber(0, true),
    clock: typed("object"),
  });
  const { name = "coroutines", slice, concurrency = Infinity, maxQueue } = checked;
  const { clock = systemClock } = checked;
  const scheduler =
    slice === undefined ? schedulerOf(clock) : new Scheduler(new TimeSlice(clock, slice));
  const engine = new CoroutineEngine(concurrency, scheduler);
  return new TaskExecutor({ name, engine, maxQueue, clock }) as LocalExecutor;
}
