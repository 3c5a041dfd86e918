import type { Policy, Semaphore } from "@quintet/core";
import {
  anyNumber,
  type Clock,
  duration,
  type Rule,
  systemClock,
  typed,
  validateOptions,
  wholeNumber,
} from "@quintet/core/kit";
import { holdingPermit } from "./holding.ts";
import { slotSource } from "./slot-source.ts";

/** Options of `limit`. */
export interface LimitOptions {
  /** How many slots a call takes, or a function of its input. Default: 1. */
  readonly weight?: number | ((input: never) => number) | undefined;
  /** Higher first, first come first within one; or a function of its input. Default: 0. */
  readonly priority?: number | ((input: never) => number) | undefined;
  /** The longest wait for a slot, in milliseconds. Default: `Infinity`. */
  readonly wait?: number | undefined;
  /** Where time comes from, for tests; a semaphore has its own. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * Lets so many calls run at a time; the others wait for their turn. A semaphore in place of the number is shared with
 * whoever else uses it, and may be one of another place.
 *
 * A slot is taken until the function has ended, also when a `timeout` or `hedge` inside has answered for it before.
 * Place it inside of `retry`: `retry(), limit(4)` gives the slot back during the waits, `limit(4), retry()` keeps it.
 *
 * *Ordering*: by priority, first come first within one; a heavy call is not passed by lighter ones.
 * *Cancellation*: an abort while it waits rejects at once with `signal.reason`, and no slot is lost.
 * *Errors*: the operation's own; `TIMEOUT` after `wait`; `INVALID_OPTION`, also for a weight that never fits. With a
 * semaphore, those of its `acquire`; and a permit that is lost aborts the function.
 * *Cost*: O(1) to wait and to leave.
 *
 * @example
 * ```ts
 * import { setTimeout as sleep } from "node:timers/promises";
 * import { limit } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * let running = 0;
 * let most = 0;
 * const load = withPolicies(async (name: string) => {
 *   most = Math.max(most, ++running);
 *   await sleep(1);
 *   running--;
 *   return name;
 * }, limit(2));
 * console.log(await Promise.all(["a", "b", "c", "d"].map((name) => load(name))));
 * // => [ 'a', 'b', 'c', 'd' ]
 * console.log(most); // => 2
 * ```
 */
export function limit(slots: number | Semaphore, options?: LimitOptions): Policy {
  const checked = validateOptions<LimitOptions>("limit()", options, {
    weight: orFunction(wholeNumber(1)),
    priority: orFunction(anyNumber),
    wait: duration(true),
    clock: typed("object"),
  });
  const { weight = 1, priority = 0, wait, clock = systemClock } = checked;
  const source = slotSource("limit()", slots, clock);
  // A weight that never fits is refused here; a semaphore that is given may have another capacity by the time of a call.
  if (typeof slots === "number" && typeof weight === "number") source.tryAcquire(weight)?.release();
  return (next) => (input, call) => {
    try {
      call.signal.throwIfAborted();
      const size = of(weight, input);
      const permit = source.tryAcquire(size);
      if (permit) return holdingPermit(permit, next, input, call);
      const { signal } = call;
      const turn = { weight: size, signal, timeout: wait, priority: of(priority, input) };
      // Its function runs where the caller is, in the caller's async context, and not where the slot came free.
      return source.acquire(turn).then((later) => holdingPermit(later, next, input, call));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

const of = (value: number | ((input: never) => number), input: unknown): number =>
  typeof value === "function" ? value(input as never) : value;

const orFunction =
  (rule: Rule): Rule =>
  (value, name) =>
    typeof value === "function" ? undefined : rule(value, name);
