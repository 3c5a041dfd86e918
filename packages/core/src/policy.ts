/** What a call carries beside its input. */
export interface Call {
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal;
  /** 1 at first; a retrying policy counts it up. */
  readonly attempt: number;
  /**
   * The function or task that is called: only calls of the same one can share an answer. Not there where they cannot,
   * as with a stream, whose items have one reader.
   */
  readonly target?: object | undefined;
  /**
   * Takes work that goes on though its caller has an answer already. Who answers for a function that has not ended
   * says so here, and who counts what runs waits for its end.
   */
  readonly abandon?: ((work: PromiseLike<unknown>) => void) | undefined;
  /** Whether it cannot be made again: a stream has yielded, and what was yielded cannot be taken back. Not there: it can. */
  readonly isSpent?: (() => boolean) | undefined;
}

/** What a policy wraps: anything that takes an input and gives a promise. */
export type Operation<Input, Output> = (input: Input, call: Call) => Promise<Output>;

/**
 * Changes how an operation is called: again, later, not at all. The same policy serves a function and
 * a whole executor; what it counts, it counts across all it wraps. It hands `call` on with what it does not change:
 * `{ ...call, attempt: 2 }`.
 *
 * @example
 * ```ts
 * import { type Policy, withPolicies } from "@quintet/core";
 *
 * const twice: Policy = (next) => async (input, call) => {
 *   try {
 *     return await next(input, call);
 *   } catch {
 *     return next(input, { ...call, attempt: call.attempt + 1 });
 *   }
 * };
 * let calls = 0;
 * const flaky = withPolicies(async (n: number) => {
 *   if (++calls === 1) throw new Error("once");
 *   return n;
 * }, twice);
 * console.log(await flaky(7), calls); // => 7 2
 * ```
 */
export type Policy = <Input, Output>(next: Operation<Input, Output>) => Operation<Input, Output>;

/**
 * Makes one policy of several. The first is the outermost: `compose(retry(), timeout(1_000))` bounds each
 * attempt, `compose(timeout(1_000), retry())` bounds all of them together.
 */
export function compose(...policies: readonly Policy[]): Policy {
  return (next) => policies.reduceRight((inner, policy) => policy(inner), next);
}
