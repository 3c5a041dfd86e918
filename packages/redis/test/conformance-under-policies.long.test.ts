import { conformance } from "@quintet/conformance";
import { afterAll, describe, expect, it } from "vitest";
import { harnesses } from "./harnesses.ts";
import { testRedis } from "./redis-server.ts";

const redis = await testRedis();

for (const harness of harnesses(redis.url).slice(1)) {
  conformance({ describe, it, expect, afterAll }, harness);
}

afterAll(() => redis.stop());
