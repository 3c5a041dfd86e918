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
import { Circuit, type CircuitState } from "./circuit.ts";
import { type FailureRate, failureTrip } from "./failure-trip.ts";

/** Options of `circuitBreaker`. Durations are milliseconds. */
export interface CircuitBreakerOptions {
  /** Opens after so many failures in a row. Default: 5, or none where there is a `rate`. */
  readonly failures?: number | undefined;
  /** Opens when so large a part of the calls of a stretch of time has failed. Default: none. */
  readonly rate?: FailureRate | undefined;
  /** How long it stays open before it lets probes through. Default: 30,000. */
  readonly cooldown?: number | undefined;
  /** How many calls have to succeed until it closes again; no more than that go at a time meanwhile. Default: 1. */
  readonly probes?: number | undefined;
  /** What becomes of the others meanwhile: rejected, or they wait for what the probes say. Default: `"reject"`. */
  readonly whileProbing?: "reject" | "wait" | undefined;
  /** Whether an error says that the other side is ill. Default: every error does. */
  readonly when?: ((error: unknown) => boolean) | undefined;
  /** Told of each change. It should not throw: the error would be uncaught. */
  readonly onStateChange?: ((state: CircuitState) => void) | undefined;
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** A policy that can be asked how it stands. */
export interface CircuitBreaker extends Policy {
  /** As of now: once the cooldown is over, the next call finds it half open. */
  readonly state: CircuitState;
}

/**
 * Stops calling what fails again and again, so that it can recover and callers do not wait for nothing. After `failures`
 * in a row it opens and rejects every call; after `cooldown` it lets probes through, and closes or opens again by what
 * they say. All that share it are stopped together, so use one for each service.
 *
 * A call that was aborted says nothing about the other side, and counts neither way. That is why a `timeout` belongs
 * inside: `circuitBreaker(), timeout(1_000)` counts calls that are late, `timeout(1_000), circuitBreaker()` does not,
 * since that timeout aborts the call. Answers to calls that began before the last change count no more.
 *
 * *Cancellation*: an abort while it waits for probes rejects at once with `signal.reason`; the place of a probe that is
 * aborted goes to another.
 * *Errors*: the operation's own; `CIRCUIT_OPEN`, with `retryAfter`, and the last failure as its `cause`;
 * `INVALID_OPTION`.
 * *Cost*: no timer.
 *
 * Source: Michael T. Nygard, "Release It!", 2007.
 *
 * @example
 * ```ts
 * import { circuitBreaker } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * const breaker = circuitBreaker({ failures: 2 });
 * const load = withPolicies(async (): Promise<string> => {
 *   throw new Error("down");
 * }, breaker);
 * for (let i = 0; i < 3; i++) {
 *   await load().catch((error) => console.log(error.code ?? error.message, breaker.state));
 * }
 * // => down closed
 * // => down open
 * // => CIRCUIT_OPEN open
 * ```
 */
export function circuitBreaker(options?: CircuitBreakerOptions): CircuitBreaker {
  const checked = validateOptions<CircuitBreakerOptions>("circuitBreaker()", options, {
    failures: wholeNumber(1, true),
    rate: typed("object"),
    cooldown: duration(),
    probes: wholeNumber(1),
    whileProbing: matching('"reject" or "wait"', (value) => value === "reject" || value === "wait"),
    when: typed("function"),
    onStateChange: typed("function"),
    clock: typed("object"),
  });
  const { cooldown = 30_000, probes = 1, whileProbing, clock = systemClock } = checked;
  const { failures = checked.rate ? Infinity : 5, when = () => true } = checked;
  const circuit = new Circuit({
    trip: failureTrip(failures, checked.rate, clock),
    cooldown,
    probes,
    waits: whileProbing === "wait",
    onStateChange: checked.onStateChange,
    clock,
  });
  const policy: Policy = (next) => async (input, call) => {
    const { signal } = call;
    signal.throwIfAborted();
    const ticket = circuit.tryEnter() ?? (await circuit.enter(signal));
    let verdict: "success" | "failure" | "neither" = "neither";
    let failure: unknown;
    try {
      signal.throwIfAborted();
      const output = await next(input, call);
      verdict = "success";
      return output;
    } catch (error) {
      failure = error;
      if (!signal.aborted) verdict = when(error) ? "failure" : "success";
      throw error;
    } finally {
      circuit.leave(ticket, verdict, failure);
    }
  };
  return Object.defineProperty(policy, "state", {
    get: () => circuit.current,
  }) as CircuitBreaker;
}
