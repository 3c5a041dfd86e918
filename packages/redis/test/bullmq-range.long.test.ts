/** The oldest BullMQ that is supported, alone and beside the newest. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Fleet, until } from "./fleet.ts";
import { type RedisServer, testRedis } from "./redis-server.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

const limit = 90_000;
const oldest = ["--import", new URL("with-bullmq5.ts", import.meta.url).href];
const newest: readonly string[] = [];
let server: Pick<RedisServer, "url" | "stop">;

beforeAll(async () => {
  server = await testRedis();
});
afterAll(() => server.stop());

/** Which BullMQ has written a queue. */
async function versionIn(queue: string): Promise<unknown> {
  const redis = new Redis(server.url);
  const version = await redis.hget(`quintet:{${queue}}:${queue}:meta`, "version");
  redis.disconnect();
  return version;
}

describe.each([
  ["client and worker", oldest, oldest, /5\.81\.5/],
  ["a client, beside a worker on the newest,", oldest, newest, /5\.81\.5|6\.\d/],
  ["a worker, beside a client on the newest,", newest, oldest, /5\.81\.5|6\.\d/],
])("on BullMQ 5.81.5, %s", (_, client, worker, written) => {
  it("do all that they do", { timeout: limit }, async () => {
    const fleet = new Fleet();
    try {
      await fleet.worker(server.url, { concurrency: 4 }, worker);
      const program = new URL("contract-process.ts", import.meta.url).pathname;
      const options = JSON.stringify({ queue: fleet.queue, connection: server.url });
      const flags = ["--conditions=@quintet/source", ...client, program, options];
      const child = spawn(process.execPath, flags, { stdio: ["ignore", "ignore", "pipe"] });
      let errors = "";
      child.stderr.on("data", (data: unknown) => (errors += String(data)));
      const [code] = (await once(child, "close")) as [number | null];
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
      expect(await versionIn(fleet.queue)).toMatch(written);
    } finally {
      await fleet.clear();
    }
  });
});

it(
  "a worker on BullMQ 5.81.5 that is killed loses its task to one on the newest",
  { timeout: limit },
  async () => {
    const fleet = new Fleet();
    try {
      const gate = fleet.file();
      const first = await fleet.worker(server.url, {}, oldest);
      const client = fleet.client(server.url);
      const result = client.run(tasks.work, { name: "it", until: gate });
      await until(() => client.stats().running === 1);
      await first.end();
      await fleet.worker(server.url);
      await until(() => client.stats().restarts === 1, 20_000);
      rmSync(gate);
      expect(await result).toBe("it");
    } finally {
      await fleet.clear();
    }
  },
);
