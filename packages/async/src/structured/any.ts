import { abortError } from "./abort-error.ts";
import { type CallResult, type CallsOptions, checkCalls } from "./calls.ts";
import type { GroupCall } from "./group-task.ts";
import { taskGroup } from "./task-group.ts";

/**
 * Runs functions side by side until one succeeds, aborts the others, waits for them, and gives its result.
 *
 * *Cancellation*: as that of `taskGroup`.
 * *Errors*: an `AggregateError` with the error of each, in the order of the functions, when none succeeds; `TIMEOUT`,
 * `TASKS_LEAKED`, `CLOSED`, `INVALID_OPTION`. When one succeeds, the errors of the others do not count.
 *
 * @example
 * ```ts
 * import { any } from "@quintet/async";
 *
 * const mirrors = [() => Promise.reject(new Error("down")), async () => "from the second mirror"];
 * console.log(await any(mirrors)); // => from the second mirror
 * ```
 */
export async function any<const Calls extends readonly GroupCall<unknown>[]>(
  calls: Calls,
  options: CallsOptions = {},
): Promise<CallResult<Calls[number]>> {
  checkCalls("any", calls);
  const errors = Array.from<unknown>({ length: calls.length });
  let winner: { readonly value: unknown } | undefined;
  await taskGroup((group) => {
    calls.forEach((call, index) => {
      const run: GroupCall<void> = async (context) => {
        let value: unknown;
        try {
          value = await call(context);
        } catch (error) {
          errors[index] = error;
          if (context.cancelled && !winner) throw error; // no more than the group's abort, or more than that
          return;
        }
        if (winner) return;
        winner = { value };
        group.cancel(abortError("Another call has succeeded."));
      };
      group.spawn(run, call.name ? { name: call.name } : {});
    });
  }, options);
  if (!winner) throw new AggregateError(errors, `None of ${calls.length} calls succeeded.`);
  return winner.value as CallResult<Calls[number]>;
}
