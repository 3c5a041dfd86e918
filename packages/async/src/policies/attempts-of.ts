/** One attempt that failed. */
export interface FailedAttempt {
  /** What `call.attempt` was. */
  readonly attempt: number;
  readonly error: unknown;
  /** How many milliseconds were waited before the next one; not there for the last. */
  readonly delay?: number;
  /** Why there was no next one; only of the last. `"spent"` is a stream that has yielded. */
  readonly stopped?: "attempts" | "when" | "budget" | "within" | "aborted" | "spent";
}

/** Beside the errors, not in them: they are their makers' own, may be frozen, and get printed. */
const attempts = new WeakMap<object, readonly FailedAttempt[]>();

/** Notes what came before an error. What is no object cannot carry it. */
export function recordAttempts(error: unknown, failed: readonly FailedAttempt[]): void {
  if (typeof error === "object" && error !== null) attempts.set(error, failed);
}

/**
 * Every attempt that `retry` or `hedge` made before it rejected with this error, in order, the last one's error
 * included; of more than a hundred the last hundred. Empty for an error that did not come from them, and for what is no object.
 *
 * @example
 * ```ts
 * import { attemptsOf, retry } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * const fail = withPolicies(
 *   (_input: undefined, { attempt }) => {
 *     throw new Error(`no. ${attempt}`);
 *   },
 *   retry({ attempts: 2, backoff: { base: 1 } }),
 * );
 * const error: unknown = await fail().catch((reason: unknown) => reason);
 * console.log(attemptsOf(error).map((each) => String(each.error)));
 * // => [ 'Error: no. 1', 'Error: no. 2' ]
 * ```
 */
export function attemptsOf(error: unknown): readonly FailedAttempt[] {
  return (typeof error === "object" && error !== null && attempts.get(error)) || [];
}
