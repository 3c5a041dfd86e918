import { type Call, InvalidOptionError, type Policy, TimeoutError } from "@quintet/core";
import { type Clock, duration, systemClock, typed, validateOptions } from "@quintet/core/kit";
import { asCancelled } from "./cancelled.ts";
import { Leg, started } from "./leg.ts";

/** Options of `timeout`. */
export interface TimeoutOptions {
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** Stands for a time that is up. */
const late: unique symbol = Symbol("late");

/**
 * Bounds how long a call may take, in milliseconds: everything inside of it together. There are three clocks, and its
 * place says which it is: `timeout(5_000), retry(), limit(4, { wait: 500 }), timeout(1_000)` bounds the whole call, the
 * wait for a turn, and each attempt.
 *
 * When the time is up, the call rejects at once, and the function's signal aborts with the same `TimeoutError`. A
 * function that does not listen goes on; a `limit` or `bulkhead` outside keeps its slot until it has ended.
 *
 * *Cancellation*: an abort is handed to the function, whose end is awaited, no longer than the time.
 * *Errors*: the operation's own; `TIMEOUT`; `INVALID_OPTION`.
 * *Cost*: a timer, an `AbortController` and a place at the caller's signal for each call.
 *
 * @example
 * ```ts
 * import { setTimeout as sleep } from "node:timers/promises";
 * import { timeout } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * const wait = withPolicies(
 *   (ms: number, { signal }) => sleep(ms, "done", { signal }),
 *   timeout(20),
 * );
 * console.log(await wait(1)); // => done
 * await wait(60_000).catch((error) => console.log(error.code, error.message));
 * // => TIMEOUT The call took longer than 20 ms.
 * ```
 */
export function timeout(milliseconds: number, options?: TimeoutOptions): Policy {
  const problem = duration()(milliseconds, "the time");
  if (problem) throw new InvalidOptionError(`timeout(): ${problem}.`);
  const { clock = systemClock } = validateOptions<TimeoutOptions>("timeout()", options, {
    clock: typed("object"),
  });
  return (next) => (input, call) =>
    answerWithin((inner) => started(next, input, inner), call, { milliseconds, clock });
}

async function answerWithin<Output>(
  start: (call: Call) => Promise<Output>,
  call: Call,
  { milliseconds, clock }: { readonly milliseconds: number; readonly clock: Clock },
): Promise<Output> {
  call.signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Output | typeof late>();
  const timer = clock.after(milliseconds, () => resolve(late));
  const leg = new Leg(start, call, resolve, reject);
  try {
    const answer = await promise;
    if (answer !== late) return answer;
  } catch (error) {
    throw asCancelled(error, call.signal);
  } finally {
    timer.cancel();
  }
  // Made here and not by the timer, so that its stack tells who was waiting.
  const error = call.signal.aborted ? (call.signal.reason as unknown) : tooLate(milliseconds);
  leg.giveUp(error);
  throw error;
}

const tooLate = (milliseconds: number): TimeoutError =>
  new TimeoutError(`The call took longer than ${milliseconds} ms.`);
