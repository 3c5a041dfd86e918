import type { Outcome } from "@quintet/core";
import { PushedItems } from "../pushed-items.ts";
import { abortError } from "./abort-error.ts";
import { checkCalls } from "./calls.ts";
import type { GatherOptions } from "./gather.ts";
import type { GroupCall } from "./group-task.ts";
import { type TaskGroup, taskGroup } from "./task-group.ts";

/**
 * Runs functions side by side and iterates over their results as they come. Nothing starts before the first `next()`.
 * For one function and many inputs, `map` of an executor reads them lazily and waits for its consumer.
 *
 * *Ordering*: the order in which they end.
 * *Cancellation*: as that of `taskGroup`; leaving the loop aborts what runs, and waits for it.
 * *Errors*: the first error comes after the results that came before it, when the others have ended; with `settle` each
 * is yielded as an outcome instead. `TIMEOUT`, `TASKS_LEAKED`, `CLOSED`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { asCompleted, sleep } from "@quintet/async";
 *
 * const nap = (ms: number) => () => sleep(ms).then(() => ms);
 * for await (const ms of asCompleted([nap(30), nap(1)])) console.log(ms);
 * // => 1
 * // => 30
 * ```
 */
export function asCompleted<Result>(
  calls: readonly GroupCall<Result>[],
  options: GatherOptions & { readonly settle: true },
): AsyncGenerator<Outcome<Result>, undefined, void>;
export function asCompleted<Result>(
  calls: readonly GroupCall<Result>[],
  options?: GatherOptions & { readonly settle?: false | undefined },
): AsyncGenerator<Result, undefined, void>;
export function asCompleted(
  calls: readonly GroupCall<unknown>[],
  { settle = false, ...bounds }: GatherOptions = {},
): AsyncGenerator<unknown, undefined, void> {
  let opened: TaskGroup | undefined;
  let ended: Promise<void> | undefined;

  const spawn = (group: TaskGroup, call: GroupCall<unknown>, index: number): void => {
    const run: GroupCall<void> = async (context) => {
      try {
        const value = await call(context);
        items.push(settle ? { status: "fulfilled", index, value } : value);
      } catch (reason) {
        if (!settle || context.cancelled) throw reason;
        items.push({ status: "rejected", index, reason });
      }
    };
    group.spawn(run, call.name ? { name: call.name } : {});
  };
  const runAll = async (): Promise<void> => {
    checkCalls("asCompleted", calls);
    await taskGroup((group) => {
      opened = group;
      calls.forEach((call, index) => spawn(group, call, index));
    }, bounds);
  };
  const items = new PushedItems<unknown>({
    start: () => {
      ended = runAll();
      ended.then(
        () => items.end(),
        (reason: unknown) => items.end({ reason }),
      );
    },
    stop: () => {
      opened?.cancel(abortError("The loop over the results was left."));
      return ended;
    },
  });
  return items;
}
