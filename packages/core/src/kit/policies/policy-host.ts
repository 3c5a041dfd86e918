import type { Executor } from "../../executor.ts";
import type { Policy } from "../../policy.ts";

/**
 * An executor that can put itself under a policy, as every `TaskExecutor` can. So who imports `withPolicies` does
 * not load what executors are made of; who has an executor has loaded it.
 */
export interface PolicyHost extends Executor {
  underPolicy(policy: Policy): Executor;
}
