import type { LocalExecutor } from "@quintet/core";
import {
  type Clock,
  matching,
  TaskExecutor,
  typed,
  validateOptions,
  wholeNumber,
} from "@quintet/core/kit";
import { EventLoopEngine, type Rate } from "./event-loop-engine.ts";

/** Options of `eventLoop`. */
export interface EventLoopOptions {
  /** For traces and messages. Default: `"event loop"`. */
  readonly name?: string | undefined;
  /** How many tasks run side by side. Default: `Infinity`. */
  readonly concurrency?: number | undefined;
  /** How often tasks may start. Default: no bound. */
  readonly rate?: Rate | undefined;
  /** How many accepted tasks may wait. Default: `Infinity`. */
  readonly maxQueue?: number | undefined;
  /** Where time comes from, for tests; `rate` always uses the system's. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * Makes an executor that runs tasks on the caller's own event loop: for work that waits rather than computes.
 * It also takes plain functions and closures, and hands values over as they are.
 *
 * *Ordering*: by priority, first come first within one. A task may start before `run` returns.
 * *Cancellation*: a running task is asked to stop through `context.signal`; nothing can force it.
 * Its slot is taken until its function has ended.
 * *Errors*: `INVALID_OPTION`.
 * *Cost*: O(log p) to enqueue and to cancel, with p distinct priorities waiting.
 *
 * @example
 * ```ts
 * import { eventLoop } from "@quintet/async";
 *
 * const executor = eventLoop({ concurrency: 4 });
 * const lengths = await executor.map(async (word: string) => word.length, ["one", "three"]).toArray();
 * console.log(lengths); // => [ 3, 5 ]
 * await executor.close();
 * ```
 */
export function eventLoop(options?: EventLoopOptions): LocalExecutor {
  const checked = validateOptions<EventLoopOptions>("eventLoop()", options, {
    name: typed("string"),
    concurrency: wholeNumber(1, true),
    rate: matching("{ limit, interval }", isRate),
    maxQueue: wholeNumber(0, true),
    clock: typed("object"),
  });
  const rate = checked.rate && validateOptions<Rate>("eventLoop() rate", checked.rate, rateRules);
  const { name = "event loop", concurrency = Infinity, maxQueue, clock } = checked;
  const engine = new EventLoopEngine(concurrency, rate);
  return new TaskExecutor({ name, engine, maxQueue, clock }) as LocalExecutor;
}

/** The longest timers that platforms keep, which p-queue uses as they are. */
const longest = 2_147_483_647;

const rateRules = /* @__PURE__ */ (() => ({
  limit: wholeNumber(1),
  interval: matching(
    `milliseconds, more than none and at most ${longest}`,
    (value) => typeof value === "number" && value > 0 && value <= longest,
  ),
}))();

const isRate = (value: unknown): boolean => {
  const { limit, interval } = Object(value) as Partial<Rate>;
  return limit !== undefined && interval !== undefined;
};
