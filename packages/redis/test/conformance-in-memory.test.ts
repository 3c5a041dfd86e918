import { conformance } from "@quintet/conformance";
import { afterAll, describe, expect, it } from "vitest";
import { harness } from "./harness-in-memory.ts";

conformance({ describe, it, expect, afterAll }, harness);
