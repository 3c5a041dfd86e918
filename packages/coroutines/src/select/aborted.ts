import {
  type Arm,
  InvalidOptionError,
  notReady,
  type Parked,
  type Selectable,
} from "@quintet/core";
import { onAbort, runRules } from "@quintet/core/kit";

/**
 * An arm for `select` that is ready when the signal has aborted; its value is the reason.
 * The option `signal` of `select` rejects instead.
 *
 * @example
 * ```ts
 * import { aborted, channel, select } from "@quintet/coroutines";
 *
 * const words = channel<string>();
 * const stop = new AbortController();
 * const won = select({ word: words.receiving(), stop: aborted(stop.signal) });
 * stop.abort("enough");
 * console.log(await won); // => { arm: 'stop', value: 'enough' }
 * ```
 */
export function aborted(signal: AbortSignal): Selectable<unknown> {
  const problem = runRules.signal(signal, "its signal");
  if (problem) throw new InvalidOptionError(`aborted: ${problem}.`);
  return {
    poll: (): unknown => (signal.aborted ? signal.reason : notReady),
    park: (arm: Arm<unknown>): Parked => onAbort(signal, (reason) => arm.fire(reason)),
  };
}
