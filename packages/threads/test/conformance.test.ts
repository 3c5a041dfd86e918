import { fileURLToPath } from "node:url";
import { conformance, wrappings } from "@quintet/conformance";
import { afterAll, describe, expect, it } from "vitest";
import { threads } from "../src/index.ts";

const source = new URL("../src/index.ts", import.meta.url).href;
const report = new URL("../../../.results/conformance-threads.json", import.meta.url);

const harnesses = wrappings({
  name: "threads",
  create: ({ concurrency = 2, maxQueue, grace }) => threads({ size: concurrency, maxQueue, grace }),
  program: `
    import { threads } from ${JSON.stringify(source)};
    export const create = ({ concurrency }) => threads({ size: concurrency });
  `,
  report: fileURLToPath(report),
});

for (const harness of harnesses) conformance({ describe, it, expect, afterAll }, harness);
