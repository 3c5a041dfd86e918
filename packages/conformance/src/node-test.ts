import { after, describe, it } from "node:test";
import type { Runner } from "./harness.ts";

/** Lets `conformance` define its cases with Node's own test runner. */
export function nodeTest(): Runner {
  return {
    describe: (title, define) => describe(title, define),
    it: (title, run, timeout) => it(title, { timeout }, run),
    afterAll: (run) => after(run),
  };
}
