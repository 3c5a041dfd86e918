import type { Executor } from "../../executor.ts";
import type { Policy } from "../../policy.ts";
import { PolicyEngine } from "./policy-engine.ts";
import { TaskExecutor } from "../runs/task-executor.ts";

/** Puts a policy around every task of any executor, also of one that is no `TaskExecutor`. */
export function policyExecutor(inner: Executor, policy: Policy): Executor {
  return new TaskExecutor({ name: inner.name, engine: new PolicyEngine(inner, policy) });
}
