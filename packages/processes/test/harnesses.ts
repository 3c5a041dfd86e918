import { fileURLToPath } from "node:url";
import { type Harness, wrappings } from "@quintet/conformance";
import { processes } from "../src/index.ts";

const source = new URL("../src/index.ts", import.meta.url).href;
const report = new URL("../../../.results/conformance-processes.json", import.meta.url);

/** The executor as it is, and under policies. */
export const harnesses: readonly Harness[] = wrappings({
  name: "processes",
  create: ({ concurrency = 2, maxQueue, grace }) =>
    processes({ size: concurrency, maxQueue, grace }),
  program: `
    import { processes } from ${JSON.stringify(source)};
    export const create = ({ concurrency }) => processes({ size: concurrency });
  `,
  report: fileURLToPath(report),
});
