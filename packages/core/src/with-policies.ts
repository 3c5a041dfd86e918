import { NotSupportedError } from "./errors.ts";
import type { Executor } from "./executor.ts";
import { never } from "./kit/waits/never.ts";
import type { PolicyHost } from "./kit/policies/policy-host.ts";
import { type Call, compose, type Policy } from "./policy.ts";

/** A function under policies; a call may bring its own signal and attempt. */
export type Guarded<Input, Output> = (
  ...call: undefined extends Input
    ? [input?: Input, call?: Partial<Call>]
    : [input: Input, call?: Partial<Call>]
) => Promise<Output>;

/**
 * Puts policies around a function or around every task of an executor. The first policy is the outermost.
 *
 * The result of wrapping an executor is an executor in full: `run`, `submit`, `map` and `stream` go through the
 * policies, item by item for `map`. Its `timeout` bounds each attempt, its `deadline` all of them together. A stream
 * can be tried again only until its first item has come. `stats` are those of the executor inside, so each
 * attempt counts; closing it closes the executor inside, in the same way.
 *
 * *Errors*: `NOT_SUPPORTED` for an executor of your own that is no `TaskExecutor`: use `policyExecutor()` of the kit.
 *
 * @example
 * ```ts
 * import { eventLoop } from "@quintet/async";
 * import { type Policy, withPolicies } from "@quintet/core";
 *
 * const log: Policy = (next) => (input, call) => {
 *   console.log("attempt", call.attempt, "with", input);
 *   return next(input, call);
 * };
 * const executor = withPolicies(eventLoop(), log);
 * console.log(await executor.run((n: number) => n + 1, 1));
 * // => attempt 1 with 1
 * // => 2
 * ```
 */
export function withPolicies<E extends Executor>(executor: E, ...policies: readonly Policy[]): E;
export function withPolicies<Input, Output>(
  call: (input: Input, call: Call) => Output,
  ...policies: readonly Policy[]
): Guarded<Input, Awaited<Output>>;
export function withPolicies(
  target: Executor | ((input: unknown, call: Call) => unknown),
  ...policies: readonly Policy[]
): Executor | Guarded<unknown, unknown> {
  const policy = compose(...policies);
  if (typeof target !== "function") return wrapped(target, policy);
  const operation = policy((input: unknown, call: Call) => {
    try {
      return asPromise(target(input, call));
    } catch (error) {
      return Promise.reject(error);
    }
  });
  return (input, { signal = never, attempt = 1, abandon, isSpent } = {}) => {
    try {
      return asPromise(operation(input, { signal, attempt, target, abandon, isSpent }));
    } catch (error) {
      return Promise.reject(error); // a policy may throw where it should reject
    }
  };
}

// In place of async functions, each of which costs a promise and three turns of the queue.
const asPromise = (value: unknown): Promise<unknown> =>
  value instanceof Promise ? value : Promise.resolve(value);

function wrapped(executor: Executor & Partial<PolicyHost>, policy: Policy): Executor {
  if (executor.underPolicy) return executor.underPolicy(policy);
  throw new NotSupportedError(
    `${executor.name} is not made with TaskExecutor; wrap it with policyExecutor() of @quintet/core/kit.`,
  );
}
