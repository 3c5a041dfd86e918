import { InvalidOptionError } from "@quintet/core";
import {
  type AbortRegistration,
  onAbort,
  systemClock,
  type Timer,
  validateOptions,
} from "@quintet/core/kit";
import { PushedItems } from "../pushed-items.ts";
import { type SleepOptions, sleepRules } from "./sleep.ts";

/**
 * Ticks every so many milliseconds, and gives the number of periods since the first `next()`: 1, 2, 3 …
 *
 * Ticks keep to the beat of the first one, so they do not drift. Those that pass while the loop is busy are left out: it
 * gets one at once, with the number of the last. No timer runs while nobody waits.
 *
 * *Cancellation*: leaving the loop ends it; `signal` makes it throw its reason.
 * *Errors*: `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { interval } from "@quintet/async";
 *
 * let last = 0;
 * for await (const tick of interval(5)) {
 *   console.log(tick > last); // => true
 *   last = tick;
 *   break;
 * }
 * ```
 */
export function interval(
  period: number,
  options?: SleepOptions,
): AsyncGenerator<number, undefined, void> {
  if (!(Number.isFinite(period) && period > 0)) {
    throw new InvalidOptionError(
      `interval() takes milliseconds, more than none, got ${String(period)}.`,
    );
  }
  const {
    signal,
    background = false,
    clock = systemClock,
  } = validateOptions<SleepOptions>("interval()", options, sleepRules);
  let begun = 0;
  let last = 0;
  let timer: Timer | undefined;
  let registration: AbortRegistration | undefined;
  const stop = (): void => {
    timer?.cancel();
    registration?.leave();
  };
  const abort = (reason: unknown): void => {
    stop();
    ticks.fail(reason);
  };
  const tick = (): void => {
    timer = undefined;
    // A platform's timer may be early by a fraction of a millisecond.
    last = Math.max(last + 1, Math.floor((clock.now() - begun) / period));
    ticks.push(last);
    if (ticks.waiting > 0) pull();
  };
  const pull = (): void => {
    if (timer) return;
    const left = begun + (last + 1) * period - clock.now();
    if (left <= 0) tick();
    else timer = clock.after(left, tick, { background });
  };
  const ticks = new PushedItems<number>({
    start: () => {
      begun = clock.now();
      if (signal?.aborted) ticks.fail(signal.reason);
      else if (signal) registration = onAbort(signal, abort);
    },
    pull,
    stop,
  });
  return ticks;
}
