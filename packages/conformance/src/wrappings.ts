import { compose, type Executor, type Policy, withPolicies } from "@quintet/core";
import { policyExecutor } from "@quintet/core/kit";
import type { CreateOptions, Harness } from "./harness.ts";

const passThrough: Policy = (next) => (input, call) => next(input, call);

/** Like a policy that counts: asynchronous, with something to do before and after. */
const counting: Policy = (next) => {
  let underWay = 0;
  return async (input, call) => {
    underWay++;
    try {
      return await next(input, call);
    } finally {
      underWay--;
    }
  };
};

/**
 * The executor as it is, under a policy, and under a stack of three. An executor under policies is an executor
 * in full, so the suite holds for each.
 */
export function wrappings(harness: Harness): Harness[] {
  const { name, report, patience } = harness;
  const under = (words: string, ...policies: readonly Policy[]): Harness => {
    const to = typeof report === "string" ? beside(report, words) : report;
    return {
      name: `${name} ${words}`,
      create: async (options: CreateOptions): Promise<Executor> =>
        wrap(await harness.create(options), policies),
      ...(patience && { patience }),
      ...(to && { report: to }),
    };
  };
  return [
    harness,
    under("under a policy", passThrough),
    under("under three policies", passThrough, counting, passThrough),
  ];
}

/** `withPolicies` takes what is built on `TaskExecutor`; for others the kit has the same. */
function wrap(executor: Executor, policies: readonly Policy[]): Executor {
  return "underPolicy" in executor
    ? withPolicies(executor, ...policies)
    : policyExecutor(executor, compose(...policies));
}

const beside = (file: string, words: string): string =>
  file.replace(/(\.json)?$/, `-${words.replaceAll(" ", "-")}.json`);
