import {
  type Clock,
  duration,
  matching,
  systemClock,
  typed,
  validateOptions,
  wholeNumber,
} from "@quintet/core/kit";
import { SlidingCounts } from "./sliding-counts.ts";

/** Options of `retryBudget`. Durations are milliseconds. */
export interface RetryBudgetOptions {
  /** How many retries for each call: 0.1 is one for ten. Default: 0.1. */
  readonly ratio?: number | undefined;
  /** How many retries in any `window`, however few calls there are. Default: 10. */
  readonly least?: number | undefined;
  /** Over how long both are counted. Default: 10,000. */
  readonly window?: number | undefined;
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** How many calls may be made again, for all that share it. */
export interface RetryBudget {
  /** Counts a first attempt. */
  readonly called: () => void;
  /** Counts a further one, if there is still room for it. */
  readonly tryRetry: () => boolean;
}

/**
 * Bounds the retries of many callers together. When a service is down, every call fails, and `attempts: 3` would make
 * three times as many of them; with a budget of a tenth it is one tenth more. Give the same one to every `retry` and
 * `hedge` of one service.
 *
 * *Errors*: `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { retry, retryBudget } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * const budget = retryBudget({ ratio: 0.1, least: 3 });
 * let calls = 0;
 * const down = withPolicies(
 *   () => {
 *     calls++;
 *     throw new Error("down");
 *   },
 *   retry({ attempts: 3, backoff: { base: 0 }, budget }),
 * );
 * for (let i = 0; i < 100; i++) await down().catch(() => {});
 * console.log(calls); // => 113
 * ```
 */
export function retryBudget(options?: RetryBudgetOptions): RetryBudget {
  const checked = validateOptions<RetryBudgetOptions>("retryBudget()", options, {
    ratio: matching("a number from 0 up", (value) => typeof value === "number" && value >= 0),
    least: wholeNumber(0, true),
    window: duration(),
    clock: typed("object"),
  });
  const { ratio = 0.1, least = 10, window = 10_000, clock = systemClock } = checked;
  const counts = new SlidingCounts(window, clock);
  return {
    called: () => counts.add(1, 0),
    tryRetry: () => {
      const [calls, retries] = counts.sums();
      // 0.1 times 30 is a bit more than 3.
      if (retries + 1 > least + ratio * calls + 1e-9) return false;
      counts.add(0, 1);
      return true;
    },
  };
}
