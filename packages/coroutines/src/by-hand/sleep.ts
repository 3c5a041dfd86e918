import { InvalidOptionError } from "@quintet/core";
import { duration, systemClock } from "@quintet/core/kit";
import { currentRoutine } from "../scheduling/routine.ts";
import { wait } from "./wait.ts";

/**
 * Waits for so many milliseconds: `yield* sleep(100)`. Works in coroutines, where it uses their clock, and in
 * generator tasks on any executor. Ending the coroutine cancels the timer.
 *
 * *Errors*: `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { go, sleep } from "@quintet/coroutines";
 *
 * await go(function* () {
 *   yield* sleep(10);
 *   console.log("10 ms later"); // => 10 ms later
 * });
 * ```
 */
export function* sleep(milliseconds: number): Generator<PromiseLike<void>, void, unknown> {
  const problem = duration(true)(milliseconds, "milliseconds");
  if (problem) throw new InvalidOptionError(`sleep(): ${problem}.`);
  const clock = currentRoutine()?.scheduler.slice.clock ?? systemClock;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(milliseconds, resolve);
  try {
    yield* wait(promise, `sleep(${milliseconds})`);
  } finally {
    timer.cancel();
  }
}
