import { fileURLToPath } from "node:url";
import { type Harness, wrappings } from "@quintet/conformance";
import { threads } from "../src/index.ts";

const source = new URL("../src/index.ts", import.meta.url).href;
const report = new URL("../../../.results/conformance-threads.json", import.meta.url);

/** The executor as it is, and under policies. */
export const harnesses: readonly Harness[] = wrappings({
  name: "threads",
  create: ({ concurrency = 2, maxQueue, grace }) => threads({ size: concurrency, maxQueue, grace }),
  program: `
    import { threads } from ${JSON.stringify(source)};
    export const create = ({ concurrency }) => threads({ size: concurrency });
  `,
  report: fileURLToPath(report),
});
