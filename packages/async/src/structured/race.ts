import { InvalidOptionError } from "@quintet/core";
import { abortError } from "./abort-error.ts";
import { type CallResult, type CallsOptions, checkCalls } from "./calls.ts";
import type { GroupCall } from "./group-task.ts";
import { taskGroup } from "./task-group.ts";

/**
 * Runs functions side by side until the first one ends, aborts the others, waits for them, and gives the result of the
 * first, or rejects with its error. To pass over errors while another may still succeed, see `any`.
 *
 * *Cancellation*: as that of `taskGroup`.
 * *Errors*: that of the first, and also one that another ends with after its abort: it is not lost behind a result.
 * `TIMEOUT`, `TASKS_LEAKED`, `CLOSED`, and `INVALID_OPTION`, also for no functions at all, where nothing would ever end.
 *
 * @example
 * ```ts
 * import { race, sleep } from "@quintet/async";
 *
 * const winner = await race([
 *   ({ signal }) => sleep(5, { signal }).then(() => "tortoise"),
 *   ({ signal }) => sleep(60_000, { signal }).then(() => "hare"),
 * ]);
 * console.log(winner); // => tortoise
 * ```
 */
export async function race<const Calls extends readonly GroupCall<unknown>[]>(
  calls: Calls,
  options?: CallsOptions,
): Promise<CallResult<Calls[number]>> {
  checkCalls("race", calls);
  if (calls.length === 0) throw new InvalidOptionError("race() takes at least one function.");
  let winner: { readonly value: unknown } | undefined;
  await taskGroup((group) => {
    for (const call of calls) {
      const run: GroupCall<void> = async (context) => {
        const value = await call(context);
        if (winner) return;
        winner = { value };
        group.cancel(abortError("Another call of the race was first."));
      };
      group.spawn(run, call.name ? { name: call.name } : {});
    }
  }, options);
  return winner?.value as CallResult<Calls[number]>;
}
