import { allCases } from "./all-cases.ts";
import { programCases } from "./cases/programs.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import type { Harness, Runner } from "./harness.ts";
import type { Report } from "./report.ts";
import { Suite } from "./suite.ts";

/** A suite that was handed to a test runner. */
export interface Conformance {
  /** How the cases ended that have run so far. */
  report(): Report;
}

/**
 * Puts an executor through the contract: defines a test for each of its sentences with the runner's `describe`
 * and `it`.
 *
 * A case that the executor's traits refuse passes, and says `refused` in the report; another case then
 * holds that what is not declared is refused with the documented error.
 *
 * @example
 * ```ts
 * import { eventLoop } from "@quintet/async";
 * import { conformance } from "@quintet/conformance";
 * import { nodeTest } from "@quintet/conformance/node-test";
 *
 * conformance(nodeTest(), {
 *   name: "event loop",
 *   create: ({ concurrency, maxQueue }) => eventLoop({ concurrency, maxQueue }),
 * });
 * ```
 */
export function conformance(runner: Runner, harness: Harness): Conformance {
  const { describe, it, afterAll } = runner;
  const suite = new Suite(harness, afterAll !== undefined);
  const cases = harness.program === undefined ? allCases : [...allCases, ...programCases];
  describe(`${harness.name} keeps the contract`, () => {
    for (const [topic, members] of byTopic(cases)) {
      describe(topic, () => {
        for (const one of members) {
          it(`${one.title} (${one.id})`, () => suite.run(one), 2 * suite.limit);
        }
      });
    }
    afterAll?.(() => suite.end());
  });
  return { report: () => suite.report() };
}

function byTopic(cases: readonly ConformanceCase[]): Map<string, ConformanceCase[]> {
  return Map.groupBy(cases, ({ id }) => id.slice(0, id.indexOf(".")));
}
