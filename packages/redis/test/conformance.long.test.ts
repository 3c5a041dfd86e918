import { conformance } from "@quintet/conformance";
import { afterAll, describe, expect, it } from "vitest";
import { harnesses, servePrograms } from "./harnesses.ts";
import { testRedis } from "./redis-server.ts";

const redis = await testRedis();
const programs = servePrograms(redis.url);

for (const harness of harnesses(redis.url).slice(0, 1)) {
  conformance({ describe, it, expect, afterAll }, harness);
}

afterAll(async () => {
  await programs.close();
  await redis.stop();
});
