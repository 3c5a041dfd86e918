import { type Clock, duration, matching, validateOptions, wholeNumber } from "@quintet/core/kit";
import { SlidingCounts } from "./sliding-counts.ts";

/** How large a part of calls may fail. */
export interface FailureRate {
  /** Opens when this part has failed: 0.5 is half of them. */
  readonly ratio: number;
  /** Over how many milliseconds they are counted. Default: 10,000. */
  readonly window?: number | undefined;
  /** Fewer calls than that say nothing. Default: 20. */
  readonly least?: number | undefined;
}

/** Decides when there have been too many failures. */
export interface FailureTrip {
  /** Takes the outcome of one call; true when it was one failure too many. */
  record(isFailure: boolean): boolean;
  clear(): void;
}

/** So many failures in a row, or that part of all. *Errors*: `INVALID_OPTION`. */
export function failureTrip(
  most: number,
  rate: FailureRate | undefined,
  clock: Clock,
): FailureTrip {
  const isTooMany = rate && rateTrip(rate, clock);
  let inARow = 0;
  return {
    record(isFailure) {
      inARow = isFailure ? inARow + 1 : 0;
      const isOver = isTooMany?.record(isFailure) ?? false;
      return isFailure && (isOver || inARow >= most);
    },
    clear() {
      inARow = 0;
      isTooMany?.clear();
    },
  };
}

function rateTrip(options: FailureRate, clock: Clock): FailureTrip {
  const ratioRule = matching(
    "a number above 0 and at most 1",
    (value) => typeof value === "number" && value > 0 && value <= 1,
  );
  const owner = "circuitBreaker() rate";
  const {
    ratio,
    window = 10_000,
    least = 20,
  } = validateOptions<FailureRate>(
    owner,
    // Named, so that it is missed where it is not there.
    { ...options, ratio: options.ratio ?? Number.NaN },
    { ratio: ratioRule, window: duration(), least: wholeNumber(1) },
  );
  const counts = new SlidingCounts(window, clock);
  return {
    record(isFailure) {
      counts.add(1, isFailure ? 1 : 0);
      const [calls, failures] = counts.sums();
      return calls >= least && failures >= ratio * calls;
    },
    clear: () => counts.clear(),
  };
}
