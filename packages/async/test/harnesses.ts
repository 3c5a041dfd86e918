import { fileURLToPath } from "node:url";
import { type Harness, wrappings } from "@quintet/conformance";
import { eventLoop } from "../src/index.ts";

const source = new URL("../src/index.ts", import.meta.url).href;
const report = new URL("../../../.results/conformance-event-loop.json", import.meta.url);

/** The executor as it is, and under policies. */
export const harnesses: readonly Harness[] = wrappings({
  name: "event loop",
  create: ({ concurrency, maxQueue }) => eventLoop({ concurrency, maxQueue }),
  program: `
    import { eventLoop } from ${JSON.stringify(source)};
    export const create = ({ concurrency, maxQueue }) => eventLoop({ concurrency, maxQueue });
  `,
  report: fileURLToPath(report),
});
