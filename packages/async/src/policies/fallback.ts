import { type Call, InvalidOptionError, type Operation, type Policy } from "@quintet/core";
import { typed, validateOptions } from "@quintet/core/kit";
import { asCancelled } from "./cancelled.ts";

/** Options of `fallback`. */
export interface FallbackOptions {
  /** Which errors it answers for. Default: every error. */
  readonly when?: ((error: unknown) => boolean) | undefined;
}

/**
 * Answers in place of what failed: with what a function of the error, the input and the call returns or resolves to.
 * That must be what the operation itself would give, which no type can check, since a policy serves any operation.
 *
 * Place it outermost: what is outside of it sees no error any more, so `retry(), fallback()` would never try again.
 *
 * *Cancellation*: an aborted call is not answered for; it rejects.
 * *Errors*: those that `when` leaves alone; what the function or `when` throws; `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { fallback, retry } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * const price = withPolicies(
 *   async (item: string): Promise<number> => {
 *     throw new Error(`no price for ${item}`);
 *   },
 *   fallback(() => 0),
 *   retry({ attempts: 2, backoff: { base: 1 } }),
 * );
 * console.log(await price("tea")); // => 0
 * ```
 */
export function fallback(
  answer: (error: unknown, input: never, call: Call) => unknown,
  options?: FallbackOptions,
): Policy {
  const problem = typed("function")(answer, "the answer");
  if (problem) throw new InvalidOptionError(`fallback(): ${problem}.`);
  const { when = () => true } = validateOptions<FallbackOptions>("fallback()", options, {
    when: typed("function"),
  });
  return <Input, Output>(next: Operation<Input, Output>): Operation<Input, Output> =>
    async (input, call) => {
      const { signal } = call;
      signal.throwIfAborted();
      try {
        return await next(input, call);
      } catch (error) {
        if (signal.aborted) throw asCancelled(error, signal);
        if (!when(error)) throw error;
        return (await answer(error, input as never, call)) as Output;
      }
    };
}
