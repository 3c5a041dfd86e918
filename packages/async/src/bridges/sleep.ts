import {
  type Clock,
  onAbort,
  type Rules,
  runRules,
  systemClock,
  typed,
  validateOptions,
} from "@quintet/core/kit";
import { InvalidOptionError } from "@quintet/core";

/** Options of `sleep`. */
export interface SleepOptions {
  /** Ends the sleep, which then rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Lets the process end meanwhile, where nothing else keeps it. Default: false. */
  readonly background?: boolean | undefined;
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

export const sleepRules: Rules<SleepOptions> = /* @__PURE__ */ (() => ({
  signal: runRules.signal,
  background: typed("boolean"),
  clock: typed("object"),
}))();

/**
 * Resolves after so many milliseconds; any number works, also past 2^31, and `Infinity` waits for the signal alone.
 *
 * *Cancellation*: rejects with `signal.reason` at once, and its timer is gone.
 * *Errors*: `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { sleep } from "@quintet/async";
 *
 * const controller = new AbortController();
 * const nap = sleep(60_000, { signal: controller.signal });
 * controller.abort("good morning");
 * console.log(await nap.catch((reason: unknown) => reason)); // => good morning
 * ```
 */
export async function sleep(duration: number, options?: SleepOptions): Promise<void> {
  if (typeof duration !== "number" || Number.isNaN(duration)) {
    throw new InvalidOptionError(`sleep() takes milliseconds, got ${String(duration)}.`);
  }
  const {
    signal,
    background = false,
    clock = systemClock,
  } = validateOptions<SleepOptions>("sleep()", options, sleepRules);
  if (signal?.aborted) throw signal.reason;
  await new Promise<void>((resolve, reject) => {
    const wake = (): void => {
      registration?.leave();
      resolve();
    };
    const timer = duration < Infinity ? clock.after(duration, wake, { background }) : undefined;
    const registration =
      signal &&
      onAbort(signal, (reason) => {
        timer?.cancel();
        reject(reason);
      });
  });
}
