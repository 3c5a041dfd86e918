import type { Outcome } from "@quintet/core";
import { type CallResult, type CallsOptions, checkCalls } from "./calls.ts";
import type { GroupCall, GroupContext } from "./group-task.ts";
import { taskGroup } from "./task-group.ts";

/** Options of `gather`; they are those of `taskGroup`, but for `supervise`. */
export interface GatherOptions extends CallsOptions {
  /** Give an `Outcome` for each call instead of stopping at the first error. Default: false. */
  readonly settle?: boolean | undefined;
}

/**
 * Runs functions side by side and gives all their results, in the order of the functions.
 *
 * The first error aborts the others, is waited out, and is what `gather` rejects with; the errors of the others are
 * attached, see `suppressed`. With `settle` each call's outcome is given, and no error stops another call.
 *
 * *Cancellation*: as that of `taskGroup`.
 * *Errors*: those of the functions, `TIMEOUT`, `TASKS_LEAKED`, `CLOSED`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { gather, sleep } from "@quintet/async";
 *
 * const [one, two] = await gather([
 *   async () => 1,
 *   ({ signal }) => sleep(5, { signal }).then(() => "two"),
 * ]);
 * console.log(one, two); // => 1 two
 * ```
 */
export function gather<const Calls extends readonly GroupCall<unknown>[]>(
  calls: Calls,
  options: GatherOptions & { readonly settle: true },
): Promise<{ -readonly [Index in keyof Calls]: Outcome<CallResult<Calls[Index]>> }>;
export function gather<const Calls extends readonly GroupCall<unknown>[]>(
  calls: Calls,
  options?: GatherOptions & { readonly settle?: false | undefined },
): Promise<{ -readonly [Index in keyof Calls]: CallResult<Calls[Index]> }>;
export async function gather(
  calls: readonly GroupCall<unknown>[],
  options: GatherOptions = {},
): Promise<unknown[]> {
  checkCalls("gather", calls);
  const { settle = false, ...bounds } = options;
  const results = Array.from<unknown>({ length: calls.length });
  await taskGroup((group) => {
    calls.forEach((call, index) => {
      const begin = settle ? outcomeOf(call, index) : call;
      const keep = async (context: GroupContext): Promise<void> => {
        results[index] = await begin(context);
      };
      group.spawn(keep, nameOf(call));
    });
  }, bounds);
  return results;
}

const nameOf = ({ name }: GroupCall<unknown>): { readonly name?: string } => (name ? { name } : {});

const outcomeOf =
  (call: GroupCall<unknown>, index: number): GroupCall<Outcome<unknown>> =>
  async (context) => {
    try {
      return { status: "fulfilled", index, value: await call(context) };
    } catch (reason) {
      if (context.cancelled) throw reason; // nobody gets outcomes any more
      return { status: "rejected", index, reason };
    }
  };
