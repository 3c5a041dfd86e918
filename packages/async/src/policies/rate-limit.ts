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
import { Gcra } from "./gcra.ts";

/** Options of `rateLimit`. Durations are milliseconds. */
export interface RateLimitOptions {
  /** How many calls in each `interval`, in the long run. */
  readonly limit: number;
  readonly interval: number;
  /** How many may go at once after a time without any. Default: `limit`. */
  readonly burst?: number | undefined;
  /** For how many a call counts, at most `burst`; or a function of its input. Default: 1. */
  readonly weight?: number | ((input: never) => number) | undefined;
  /** The longest wait; a call that would wait longer is refused at once. Default: `Infinity`. */
  readonly wait?: number | undefined;
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * Lets calls start no more often than `limit` in each `interval`, evenly paced after a first `burst`.
 *
 * In any stretch of `interval` at most `burst + limit` start: who counts strictly on the other side is best met with
 * `burst: 1`, and calls that are `interval / limit` apart. Place it inside of `retry`, so that retries count as well.
 *
 * *Ordering*: first come first; a heavy call is not passed by lighter ones.
 * *Cancellation*: an abort while it waits rejects at once with `signal.reason`, and those behind move up.
 * *Errors*: the operation's own; `RATE_LIMITED` with `retryAfter` when it would wait longer than `wait`;
 * `INVALID_OPTION`, also for a weight above `burst`.
 * *Cost*: O(1); one timer, whatever the number that wait.
 *
 * Source: the generic cell rate algorithm of ITU-T I.371, a leaky bucket that is one number.
 *
 * @example
 * ```ts
 * import { rateLimit } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * const send = withPolicies(
 *   async (text: string) => text,
 *   rateLimit({ limit: 2, interval: 60_000, wait: 0 }),
 * );
 * console.log(await send("a"), await send("b")); // => a b
 * await send("c").catch((error) => console.log(error.code, error.retryAfter > 29_000));
 * // => RATE_LIMITED true
 * ```
 */
export function rateLimit(options: RateLimitOptions): Policy {
  const checked = validateOptions<RateLimitOptions>("rateLimit()", options, {
    limit: wholeNumber(1),
    interval: matching(
      "a positive number of milliseconds",
      (value) => Number.isFinite(value) && (value as number) > 0,
    ),
    burst: wholeNumber(1),
    weight: (value, name) =>
      typeof value === "function" ? undefined : wholeNumber(1)(value, name),
    wait: duration(true),
    clock: typed("object"),
  });
  const { limit, interval, weight = 1, wait = Infinity, clock = systemClock } = checked;
  if (limit === undefined || interval === undefined)
    throw new InvalidOptionError("rateLimit(): limit and interval must be given.");
  const { burst = limit } = checked;
  const rate = new Gcra({ spacing: interval / limit, burst, clock });
  if (typeof weight === "number") rate.check(weight);
  return (next) => async (input, call) => {
    call.signal.throwIfAborted();
    const size = typeof weight === "function" ? weight(input as never) : weight;
    if (!rate.tryPass(size)) await rate.pass(size, call.signal, wait);
    return next(input, call);
  };
}
