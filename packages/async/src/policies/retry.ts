import type { Policy } from "@quintet/core";
import {
  type Clock,
  duration,
  matching,
  systemClock,
  typed,
  validateOptions,
  wholeNumber,
} from "@quintet/core/kit";
import type { FailedAttempt } from "./attempts-of.ts";
import { type BackoffOptions, exponential } from "./backoff.ts";
import { isRetriable } from "./is-retriable.ts";
import { RetriedCall, type RetryTerms } from "./retried-call.ts";
import { ownRetryAfter, type RetryAfterValue } from "./retry-after.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** Options of `retry`. Durations are milliseconds. */
export interface RetryOptions {
  /** How many calls at most, the first one included; `Infinity` for any number. Default: 3. */
  readonly attempts?: number | undefined;
  /** How long to wait before the next; or a function of the number of failures so far, without jitter of ours. */
  readonly backoff?: BackoffOptions | ((failed: number, error: unknown) => number) | undefined;
  /** Whether to try again after this error. Default: `isRetriable`. */
  readonly when?: ((error: unknown, attempt: number) => boolean | PromiseLike<boolean>) | undefined;
  /**
   * What the error says about how long to wait: milliseconds, a `Date`, or the text of a `Retry-After` header. It takes
   * the place of the backoff, whose jitter is added to it. Default: what Quintet's own errors say.
   */
  readonly retryAfter?: ((error: unknown) => RetryAfterValue) | undefined;
  /** No attempt starts later than this after the first; the call ends at once when one would. Default: `Infinity`. */
  readonly within?: number | undefined;
  /** Bounds the retries of all calls that share it. Default: none. */
  readonly budget?: RetryBudget | undefined;
  /** Told before each wait. When it throws, the call rejects with that. */
  readonly onRetry?: ((failed: FailedAttempt) => void) | undefined;
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * Calls again what failed, up to `attempts` calls in all, and waits longer from one to the next.
 *
 * It rejects with the last error itself; `attemptsOf(error)` has those before it. What is inside of it happens for
 * each attempt: `retry(), timeout(1_000)` gives each one a second, `timeout(1_000), retry()` all of them together.
 *
 * *Cancellation*: an abort during a wait rejects at once with `signal.reason`. During an attempt it is for the function
 * to end; there is no further attempt.
 * *Errors*: the operation's own; what `when`, `retryAfter`, `backoff` or `onRetry` throws; `INVALID_OPTION`.
 * *Cost*: neither a timer nor a listener while nothing fails.
 *
 * @example
 * ```ts
 * import { retry } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * const load = withPolicies(
 *   async (name: string, { attempt }) => {
 *     if (attempt < 3) throw new Error("not yet");
 *     return `${name}, at attempt ${attempt}`;
 *   },
 *   retry({ attempts: 5, backoff: { base: 1 } }),
 * );
 * console.log(await load("a.txt")); // => a.txt, at attempt 3
 * ```
 */
export function retry(options?: RetryOptions): Policy {
  const terms = termsOf(options);
  const { budget, clock, within } = terms;
  return (next) => async (input, call) => {
    call.signal.throwIfAborted();
    budget?.called();
    const start = within === Infinity ? 0 : clock.now();
    let retried: RetriedCall | undefined;
    for (let { attempt } = call; ; attempt++) {
      try {
        return await next(input, retried ? { ...call, attempt } : call);
      } catch (error) {
        retried ??= new RetriedCall(terms, call, start);
        await retried.failed(error);
      }
    }
  };
}

function termsOf(options: RetryOptions | undefined): RetryTerms {
  const checked = validateOptions<RetryOptions>("retry()", options, {
    attempts: wholeNumber(1, true),
    backoff: matching("an object or a function", (value) => Object(value) === value),
    when: typed("function"),
    retryAfter: typed("function"),
    within: duration(true),
    budget: typed("object"),
    onRetry: typed("function"),
    clock: typed("object"),
  });
  const { backoff, attempts = 3, within = Infinity } = checked;
  const { when = isRetriable, retryAfter = ownRetryAfter, clock = systemClock } = checked;
  const delays =
    typeof backoff === "function" ? { delay: backoff, spread: () => 0 } : exponential(backoff);
  const { budget, onRetry } = checked;
  return { attempts, backoff: delays, when, retryAfter, within, budget, onRetry, clock };
}
