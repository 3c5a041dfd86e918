import { fileURLToPath } from "node:url";
import { conformance, wrappings } from "@quintet/conformance";
import { afterAll, describe, expect, it } from "vitest";
import { eventLoop } from "../src/index.ts";

const source = new URL("../src/index.ts", import.meta.url).href;
const report = new URL("../../../.results/conformance-event-loop.json", import.meta.url);

const harnesses = wrappings({
  name: "event loop",
  create: ({ concurrency, maxQueue }) => eventLoop({ concurrency, maxQueue }),
  program: `
    import { eventLoop } from ${JSON.stringify(source)};
    export const create = ({ concurrency, maxQueue }) => eventLoop({ concurrency, maxQueue });
  `,
  report: fileURLToPath(report),
});

for (const harness of harnesses) conformance({ describe, it, expect, afterAll }, harness);
