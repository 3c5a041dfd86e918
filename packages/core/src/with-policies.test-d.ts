import { typeOf } from "../test/type-of.ts";
import { defineTasks } from "./define-tasks.ts";
import type { Executor, LocalExecutor } from "./executor.ts";
import { type Call, compose, type Policy } from "./policy.ts";
import { withPolicies } from "./with-policies.ts";

declare const executor: Executor;
declare const local: LocalExecutor;
declare const retry: Policy;

const tasks = defineTasks("types", import.meta.url, {
  count: async (text: string) => text.length,
});

// An executor keeps its kind.
typeOf(withPolicies(executor, retry)).is<Executor>();
typeOf(withPolicies(local, retry, compose(retry, retry))).is<LocalExecutor>();
typeOf(withPolicies(executor, retry).run(tasks.count, "a")).is<Promise<number>>();
typeOf(withPolicies(local).run((n: number) => n, 1)).is<Promise<number>>();
// @ts-expect-error: the wrong input
void withPolicies(executor, retry).run(tasks.count, 1);
// @ts-expect-error: a plain function, which this kind does not take
void withPolicies(executor, retry).run((n: number) => n, 1);

// A function keeps its input, and gives a promise of its output.
const double = withPolicies((n: number) => n * 2, retry);
typeOf(double(1)).is<Promise<number>>();
typeOf(double(1, { attempt: 2 })).is<Promise<number>>();
typeOf(withPolicies(async (text: string, { signal }) => [text, signal] as const)("a")).is<
  Promise<readonly [string, AbortSignal]>
>();
typeOf(withPolicies(() => 1)()).is<Promise<number>>();
typeOf(withPolicies((n?: number) => n)()).is<Promise<number | undefined>>();
// @ts-expect-error: the wrong input
void double("a");
// @ts-expect-error: no input
void double();
// @ts-expect-error: no such part of a call
void double(1, { atempt: 2 });

// A policy is the same for every operation.
export const pass: Policy = (next) => next;
export const count: Policy = (next) => async (input, call) => {
  typeOf(call).is<Call>();
  return next(input, call);
};
// @ts-expect-error: it cannot make up an output
export const wrong: Policy = () => async () => 5;
// @ts-expect-error: it has to give an operation
export const none: Policy = () => 5;
// @ts-expect-error: no policy
withPolicies(executor, (n: number) => n);
