/** Clients and workers that do not live at the same time, or not in the same one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Fleet, lines, outcome, until } from "./fleet.ts";
import { type RedisServer, testRedis } from "./redis-server.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

const limit = 60_000;
let server: Pick<RedisServer, "url" | "stop">;
let fleet: Fleet;

beforeEach(async () => {
  server = await testRedis();
  fleet = new Fleet();
});
afterEach(async () => {
  await fleet.clear();
  await server.stop();
});

it(
  "the tasks of a client that was killed run all the same, and another one finds their results",
  { timeout: limit },
  async () => {
    const journal = fleet.file();
    const program = new URL("producer-process.ts", import.meta.url).pathname;
    const options = { queue: fleet.queue, connection: server.url, journal };
    const flags = ["--conditions=@quintet/source", program, JSON.stringify(options)];
    const producer = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
    await once(producer.stdout, "data");
    producer.kill("SIGKILL");
    await once(producer, "exit");

    await fleet.worker(server.url, { concurrency: 4 });
    const client = fleet.client(server.url);
    for (let name = 0; name < 20; name++) {
      expect(await client.job(`sent ${name}`).result()).toBe(name);
      expect(await client.job(`awaited ${name}`).result()).toBe(`awaited ${name}`);
    }
    await until(() => lines(journal).filter((line) => line.endsWith("ended")).length === 60);
    expect(lines(journal).filter((line) => line.includes("started"))).toHaveLength(60);
    // What nobody reads any more goes by itself.
    const redis = new Redis(server.url);
    for (const key of await redis.keys(`quintet:{${fleet.queue}}.results:*`)) {
      expect(await redis.pttl(key)).toBeGreaterThan(0);
    }
    redis.disconnect();
  },
);

describe.each([
  ["an hour late", -3_600_000],
  ["an hour early", 3_600_000],
])("a worker whose clock is %s", (_, by) => {
  const shift =
    `const now = Date.now; Date.now = () => now() + ${by};` +
    `globalThis.Date = class extends Date { constructor(...args) { args.length > 0 ? super(...args) : super(Date.now()); } };`;
  const flags = ["--import", `data:text/javascript,${encodeURIComponent(shift)}`];

  it("runs what is young enough, and nothing that is too old", { timeout: limit }, async () => {
    const gate = fleet.file();
    await fleet.worker(server.url, { concurrency: 1 }, flags);
    const client = fleet.client(server.url);
    expect(await client.run(tasks.echo, 1)).toBe(1);
    expect(await client.run(tasks.echo, 2, { expires: 20_000 })).toBe(2);
    expect(await client.run(tasks.echo, 3, { startTimeout: 20_000 })).toBe(3);
    expect(await client.run(tasks.echo, 4, { deadline: Date.now() + 20_000 })).toBe(4);
    const blocking = client.run(tasks.work, { name: "blocking", until: gate });
    await until(() => client.stats().running === 1);
    const old = outcome(client.run(tasks.echo, 5, { expires: 200 }));
    await sleep(400);
    rmSync(gate);
    expect(await blocking).toBe("blocking");
    expect(await old).toBe("EXPIRED");
  });
});
