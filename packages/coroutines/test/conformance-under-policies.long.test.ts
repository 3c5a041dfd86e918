import { conformance } from "@quintet/conformance";
import { afterAll, describe, expect, it } from "vitest";
import { harnesses } from "./harnesses.ts";

for (const harness of harnesses.slice(1)) {
  conformance({ describe, it, expect, afterAll }, harness);
}
