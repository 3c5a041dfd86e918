/** What may happen to tasks that wait for others, with real servers and worker processes. */
import { rmSync } from "node:fs";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Fleet, lines, outcome, until } from "./fleet.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

const limit = 60_000;
let server: RedisServer;
let fleet: Fleet;

beforeEach(async () => {
  server = await startRedis("--appendonly", "yes", "--appendfsync", "always");
  fleet = new Fleet();
});

afterEach(async () => {
  await fleet.clear();
  await server.stop();
});

/** Until so many tasks are put aside. */
async function aside(count: number): Promise<void> {
  const redis = new Redis(server.url);
  const key = `quintet:{${fleet.queue}}:${fleet.queue}:delayed`;
  try {
    await until(async () => (await redis.zcard(key)) === count);
  } finally {
    redis.disconnect();
  }
}

describe("a task that depends on another one", () => {
  it(
    "survives the worker that put it aside, and the one that ran the other",
    { timeout: limit },
    async () => {
      const [journal, gate] = [fleet.file(), fleet.file()];
      const first = await fleet.worker(server.url, { concurrency: 2 });
      const client = fleet.client(server.url);
      const a = client.submit(tasks.work, { journal, name: "a", until: gate }, { id: "a" });
      const b = client.run(tasks.work, { journal, name: "b" }, { dependsOn: [a] });
      await until(() => lines(journal).length === 1);
      await aside(1);
      await first.end();
      await fleet.worker(server.url, { concurrency: 2 });
      await until(() => lines(journal).length === 2, 20_000);
      expect(lines(journal).every((line) => line.startsWith("a started"))).toBe(true);
      rmSync(gate);
      expect(await b).toBe("b");
      expect(lines(journal).filter((line) => line.startsWith("b"))).toHaveLength(2);
    },
  );

  it("rejects when the other one is given up with its workers", { timeout: limit }, async () => {
    const journal = fleet.file();
    const client = fleet.client(server.url);
    const first = await fleet.worker(server.url, { concurrency: 2 });
    const a = client.submit(tasks.poison, { journal, name: "a" }, { id: "a", retries: 0 });
    const b = client
      .run(tasks.work, { journal, name: "b" }, { dependsOn: [a] })
      .catch((error: unknown) => error);
    await until(() => first.child.signalCode !== null);
    await fleet.worker(server.url, { concurrency: 2 });
    expect(await outcome(a.result)).toBe("WORKER_LOST");
    expect(await b).toMatchObject({ code: "DEPENDENCY_FAILED", cause: { code: "WORKER_LOST" } });
    expect(lines(journal)).toHaveLength(1);
  });

  it("survives Redis, which is killed and comes back", { timeout: limit }, async () => {
    const gate = fleet.file();
    await fleet.worker(server.url, { concurrency: 2 });
    const client = fleet.client(server.url);
    const a = client.submit(tasks.work, { name: "a", until: gate }, { id: "a" });
    const b = client.run(tasks.work, { name: "b" }, { dependsOn: [a] });
    await until(() => a.state === "running");
    await aside(1);
    await server.kill();
    rmSync(gate);
    await server.start();
    expect(await a.result).toBe("a");
    expect(await b).toBe("b");
  });
});
