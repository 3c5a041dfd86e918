/** Redis as several servers: a replica that is promoted, a cluster. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RedisOptions, RedisQueue, ServeOptions } from "../src/index.ts";
import { Fleet, lines, outcome, until, type WorkerProcess } from "./fleet.ts";
import { startCluster, startSentinelGroup } from "./redis-groups.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";
import { useNames } from "./use-names.ts";

const limit = 120_000;
let fleet: Fleet;
const ends: (() => Promise<void>)[] = [];

beforeEach(() => (fleet = new Fleet()));
afterEach(async () => {
  await fleet.clear();
  for (const end of ends.splice(0)) await end();
});

type Connected = Required<Pick<ServeOptions, "connection">>;

const work = (options: Connected): Promise<WorkerProcess> =>
  fleet.worker("", { concurrency: 4, ...options });

/** Runs a task until one gives its result: it may fail as long as nobody is in charge. */
const runsAgain = (client: RedisQueue): Promise<void> =>
  until(async () => (await outcome(client.run(tasks.echo, "again"))) === "again", 60_000);

describe("a replica", () => {
  it(
    "that is promoted when its master is killed has every await ended, and tasks run again",
    { timeout: limit },
    async () => {
      const group = await startSentinelGroup();
      ends.push(() => group.stop());
      const { connection } = group;
      await work({ connection });
      const client = fleet.client("", { connection, sendTimeout: 5_000 });
      const gate = fleet.file();
      const running = outcome(client.run(tasks.work, { name: "running", until: gate }));
      const queued = Array.from({ length: 100 }, (_, name) =>
        outcome(client.run(tasks.work, { name, milliseconds: 20 })),
      );
      await until(() => client.stats().running > 0);
      await group.master.kill();
      rmSync(gate);
      const meanwhile = outcome(client.run(tasks.echo, "meanwhile"));
      // What had not reached the replica is lost, and is told to be.
      const allowed = ["running", "meanwhile", "RESULT_LOST", "UNREACHABLE"];
      const outcomes = await Promise.all([running, meanwhile, ...queued]);
      for (const [index, one] of outcomes.entries()) expect([...allowed, index - 2]).toContain(one);
      await runsAgain(client);
      expect(client.stats()).toMatchObject({ queued: 0, running: 0 });
      // The old master comes back as a replica, and changes nothing.
      await group.master.start();
      await runsAgain(client);
    },
  );
});

describe("a cluster", () => {
  it(
    "keeps a queue in one slot, and does all that a single server does, also after a node's restart",
    { timeout: limit },
    async () => {
      const cluster = await startCluster();
      ends.push(() => cluster.stop());
      const { connection } = cluster;
      await work({ connection });
      const client = fleet.client("", { connection });
      await client.ready();
      await useAll(client);
      expect(await exitOf({ queue: fleet.queue, connection })).toBe(0);

      const node = await cluster.holderOf(`quintet:{${fleet.queue}}`);
      const gate = fleet.file();
      const running = client.run(tasks.work, { name: "running", until: gate });
      await until(() => client.stats().running === 1);
      await node.kill();
      rmSync(gate);
      const meanwhile = client.run(tasks.echo, "meanwhile");
      await node.start();
      expect(await running).toBe("running");
      expect(await meanwhile).toBe("meanwhile");
      await useAll(client);

      // One that has nothing of the queue costs it nothing.
      const other = cluster.nodes.find((one) => one !== node)!;
      await other.kill();
      await useAll(client);
      await other.start();
      await client.close();
    },
  );
});

/** How a program ends that runs a task, and does not close its client: it must not be kept alive. */
async function exitOf(options: RedisOptions): Promise<unknown> {
  const source = new URL("../src/index.ts", import.meta.url).href;
  const file = new URL("task-files/fleet.tasks.ts", import.meta.url).href;
  const program = `
    import { redis } from ${JSON.stringify(source)};
    import { fleet } from ${JSON.stringify(file)};
    await redis(${JSON.stringify(options)}).run(fleet.echo, 1);
  `;
  const flags = ["--conditions=@quintet/source", "--input-type=module", "--eval", program];
  const child = spawn(process.execPath, flags, { stdio: "inherit" });
  return (await once(child, "exit"))[0];
}

/** Whatever a client does. */
async function useAll(client: RedisQueue): Promise<void> {
  const journal = fleet.file();
  expect(await client.run(tasks.echo, 1)).toBe(1);
  const many = Array.from({ length: 100 }, (_, n) => n);
  expect(await client.map(tasks.echo, many).toArray()).toEqual(many);
  const items: number[] = [];
  for await (const item of client.stream(tasks.count, { name: 40 })) items.push(item);
  expect(items).toHaveLength(40);
  const id = `kept ${Math.random()}`;
  await client.send(tasks.echo, "kept", { id });
  expect(await client.job(id).result()).toBe("kept");
  const retry = { attempts: 3, delay: 1 };
  expect(await client.run(tasks.thrice, undefined, { retry })).toBe(3);
  await useNames(client);
  const controller = new AbortController();
  const long = { journal, name: "long", milliseconds: limit };
  const cancelled = outcome(client.run(tasks.work, long, { signal: controller.signal }));
  await until(() => lines(journal).length === 1);
  controller.abort("enough");
  expect(await cancelled).toBe("enough");
  await until(() => client.stats().running === 0, 20_000);
}
