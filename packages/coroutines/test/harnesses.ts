import { fileURLToPath } from "node:url";
import { type Harness, wrappings } from "@quintet/conformance";
import { coroutines } from "../src/index.ts";

const source = new URL("../src/index.ts", import.meta.url).href;
const report = new URL("../../../.results/conformance-coroutines.json", import.meta.url);

/** The executor as it is, and under policies. */
export const harnesses: readonly Harness[] = wrappings({
  name: "coroutines",
  create: ({ concurrency, maxQueue }) => coroutines({ concurrency, maxQueue }),
  program: `
    import { coroutines } from ${JSON.stringify(source)};
    export const create = ({ concurrency, maxQueue }) => coroutines({ concurrency, maxQueue });
  `,
  report: fileURLToPath(report),
});
