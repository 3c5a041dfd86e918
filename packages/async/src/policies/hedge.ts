import { InvalidOptionError, type Policy } from "@quintet/core";
import {
  type Clock,
  duration,
  matching,
  systemClock,
  typed,
  validateOptions,
  wholeNumber,
} from "@quintet/core/kit";
import { HedgedCall } from "./hedged-call.ts";
import { Latencies } from "./latencies.ts";
import { started } from "./leg.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** Options of `hedge`. Durations are milliseconds. */
export interface HedgeOptions {
  /** How long to wait for an answer before the call is made once more. */
  readonly delay: number;
  /**
   * Takes this percentile of how long the last 128 answers took in place of `delay`, once there were 16: with 95, one
   * call in twenty is made twice. Default: none.
   */
  readonly percentile?: number | undefined;
  /** How many calls at most, the first one included. Default: 2. */
  readonly attempts?: number | undefined;
  /** Bounds further calls, together with the retries that share it. Default: none. */
  readonly budget?: RetryBudget | undefined;
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * Makes a call once more when its answer is late, and takes the first answer there is. It is for what is mostly fast
 * and may safely be done twice, such as reads.
 *
 * The other calls are aborted and not waited for; a `limit` or `bulkhead` keeps their slots until they have ended. An
 * error is the answer where no other call is under way: trying again is for `retry`, outside.
 *
 * *Cancellation*: an abort is handed to all calls under way, whose ends are awaited; no further one is made.
 * *Errors*: when all fail, the first error, and `attemptsOf(error)` has all of them; `INVALID_OPTION`.
 * *Cost*: a timer, and for each call an `AbortController`.
 *
 * Source: Jeffrey Dean and Luiz André Barroso, "The Tail at Scale", 2013.
 *
 * @example
 * ```ts
 * import { setTimeout as sleep } from "node:timers/promises";
 * import { hedge } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * const load = withPolicies(
 *   (name: string, { attempt, signal }) =>
 *     sleep(attempt === 1 ? 60_000 : 1, `${name}, from call ${attempt}`, { signal }),
 *   hedge({ delay: 10 }),
 * );
 * console.log(await load("a.txt")); // => a.txt, from call 2
 * ```
 */
export function hedge(options: HedgeOptions): Policy {
  const checked = validateOptions<HedgeOptions>("hedge()", options, {
    delay: duration(true),
    percentile: matching(
      "a number above 0 and at most 100",
      (value) => typeof value === "number" && value > 0 && value <= 100,
    ),
    attempts: wholeNumber(1),
    budget: typed("object"),
    clock: typed("object"),
  });
  const { delay, percentile, attempts = 2, budget, clock = systemClock } = checked;
  if (delay === undefined) throw new InvalidOptionError("hedge(): delay must be given.");
  const latencies = percentile === undefined ? undefined : new Latencies(percentile);
  const terms = { attempts, budget, clock };
  return (next) => async (input, call) => {
    call.signal.throwIfAborted();
    budget?.called();
    const start = clock.now();
    const hedged = new HedgedCall((leg) => started(next, input, leg), call, {
      ...terms,
      delay: latencies?.percentile ?? delay,
    });
    const output = await hedged.answer;
    latencies?.record(clock.now() - start);
    return output;
  };
}
