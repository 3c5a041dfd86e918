import { InvalidOptionError, type Policy } from "@quintet/core";
import { matching, typed, validateOptions } from "@quintet/core/kit";
import { Lane, type OverlapMode } from "./lane.ts";

/** Options of `overlap`. */
export interface OverlapOptions {
  /** Which calls are in each other's way; compared as a `Map` compares keys. Default: all of them. */
  readonly key?: ((input: never) => unknown) | undefined;
}

const modes: readonly string[] = ["queue", "drop", "restart", "latest"] satisfies OverlapMode[];

/**
 * Lets one call run at a time, and says what becomes of those that come meanwhile:
 *
 * - `"queue"`: they wait, and all run, first come first.
 * - `"drop"`: they are rejected; the one that runs is the one that counts. For a button that is pressed twice.
 * - `"restart"`: the one that runs is rejected and aborted, and the newest runs as soon as its function has ended. For a
 *   search while somebody types.
 * - `"latest"`: the one that runs goes on, and of those that wait only the newest runs after it. For saving a draft.
 *
 * A function that does not listen to its signal keeps its turn until it has ended, so that no two overlap.
 *
 * *Cancellation*: an abort while it waits rejects at once with `signal.reason`.
 * *Errors*: the operation's own; `DROPPED` for a call that another one has taken the place of; `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { setTimeout as sleep } from "node:timers/promises";
 * import { overlap } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * const search = withPolicies(
 *   (text: string, { signal }) => sleep(5, `results for ${text}`, { signal }),
 *   overlap("restart"),
 * );
 * const calls = await Promise.allSettled([search("q"), search("qu"), search("quintet")]);
 * console.log(calls.map((call) => (call.status === "fulfilled" ? call.value : call.reason.code)));
 * // => [ 'DROPPED', 'DROPPED', 'results for quintet' ]
 * ```
 */
export function overlap(mode: OverlapMode, options?: OverlapOptions): Policy {
  const problem = matching(
    `one of ${modes.map((each) => JSON.stringify(each)).join(", ")}`,
    (value) => modes.includes(value as string),
  )(mode, "the mode");
  if (problem) throw new InvalidOptionError(`overlap(): ${problem}.`);
  const { key = () => undefined } = validateOptions<OverlapOptions>("overlap()", options, {
    key: typed("function"),
  });
  const lanes = new Map<unknown, Lane>();
  return (next) => async (input, call) => {
    call.signal.throwIfAborted();
    const id = key(input as never);
    let lane = lanes.get(id);
    if (!lane) lanes.set(id, (lane = new Lane(mode, () => lanes.delete(id))));
    return lane.run(next, input, call);
  };
}
