/** Bull Board shows our jobs and does what its buttons say, driven through the HTTP API that they call. */
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { HonoAdapter } from "@bull-board/hono";
import { serveStatic } from "@hono/node-server/serve-static";
import { eventLoop } from "@quintet/async";
import { defineTasks } from "@quintet/core";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, afterEach, expect, it } from "vitest";
import { serve, type TaskWorker } from "../src/index.ts";
import { Fleet, outcome, until } from "./fleet.ts";
import { type RedisServer, testRedis } from "./redis-server.ts";

let fails = true;
const board = defineTasks("board", import.meta.url, {
  twice: (input: { readonly n: number }) => input.n * 2,
  once: (name: string) => {
    if (fails) throw new RangeError(`${name} failed`);
    return name;
  },
});

/** What the board tells of a job. */
interface Shown {
  readonly id: string;
  readonly name: string;
  readonly data: string;
  readonly failedReason?: string;
}

let server: Pick<RedisServer, "url" | "stop">;
let redis: Redis;
let fleet: Fleet;
let queue: Queue;
let request: (method: string, path: string) => Promise<Response>;
const workers: TaskWorker[] = [];

beforeAll(async () => {
  server = await testRedis();
  redis = new Redis(server.url, { maxRetriesPerRequest: null });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

beforeEach(() => {
  fleet = new Fleet();
  fails = true;
  queue = new Queue(fleet.queue, { connection: redis, prefix: `quintet:{${fleet.queue}}` });
  const adapter = new HonoAdapter(serveStatic);
  createBullBoard({ queues: [new BullMQAdapter(queue)], serverAdapter: adapter });
  const app = adapter.registerPlugin();
  request = async (method, path) => app.request(`/api/queues${path}`, { method });
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.close({ cancel: true })));
  await fleet.clear();
  await queue.close();
});

async function work(tasks: object = board): Promise<void> {
  const on = eventLoop();
  const worker = serve({ queue: fleet.queue, tasks: [tasks], on, connection: server.url });
  workers.push(worker);
  await worker.ready();
}

async function shown(
  status: string,
): Promise<{ jobs: readonly Shown[]; counts: Record<string, number>; isPaused: boolean }> {
  const response = await request("GET", `?activeQueue=${fleet.queue}&status=${status}&page=1`);
  const { queues } = (await response.json()) as { queues: Awaited<ReturnType<typeof shown>>[] };
  return queues[0]!;
}

async function press(button: string, job?: string): Promise<void> {
  const path = job === undefined ? button : `${encodeURIComponent(job)}/${button}`;
  const { status } = await request("PUT", `/${fleet.queue}/${path}`);
  expect(status).toBeLessThan(300);
}

const data = ({ data: shownData }: Shown): { task: string; items: { input: unknown }[] } =>
  (typeof shownData === "string" ? JSON.parse(shownData) : shownData) as never;

it("shows what waits, with the task's name and its input", async () => {
  const client = fleet.client(server.url);
  await client.send(board.twice, { n: 21 }, { id: "it" });
  await client.send(board.twice, { n: 1 }, { delay: 600_000 });
  const { jobs, counts } = await shown("prioritized");
  expect(counts).toMatchObject({ prioritized: 1, delayed: 1, failed: 0 });
  expect(jobs.map(({ name }) => name)).toEqual(["board.twice"]);
  expect(data(jobs[0]!)).toMatchObject({ task: "board.twice", items: [{ input: { n: 21 } }] });
  const [delayed] = (await shown("delayed")).jobs;
  await press("promote", delayed!.id);
  expect((await shown("prioritized")).counts).toMatchObject({ prioritized: 2, delayed: 0 });
  await work();
  expect(await client.job("it").result()).toBe(42);
});

it("shows a job of many tasks as that, and pauses and resumes", async () => {
  await work();
  const client = fleet.client(server.url);
  const inputs = Array.from({ length: 40 }, (_, n) => ({ n }));
  await client.map(board.twice, inputs).toArray(); // now it is known that they are small
  await press("pause");
  expect((await shown("latest")).isPaused).toBe(true);
  const results = client.map(board.twice, inputs, { concurrency: 40 }).toArray();
  await until(async () => (await shown("prioritized")).jobs.length > 0);
  const { jobs } = await shown("prioritized");
  const [job] = jobs.filter(({ name }) => name.includes("×"));
  const { items } = data(job!);
  expect(job?.name).toBe(`board.twice ×${items.length}`);
  expect(items.length).toBeGreaterThan(1);
  for (const { input } of items) expect(inputs).toContainEqual(input);
  await press("resume");
  expect(await results).toEqual(inputs.map(({ n }) => 2 * n));
});

it("shows why a dead letter failed, and retries it", async () => {
  await work();
  const client = fleet.client(server.url);
  await client.send(board.once, "it");
  await until(async () => (await shown("failed")).jobs.length === 1);
  const [job] = (await shown("failed")).jobs;
  expect(job).toMatchObject({ name: "board.once", failedReason: "it failed" });
  await press("retry", job!.id);
  await until(async () => (await shown("failed")).jobs.length === 1);
  fails = false;
  await press("retry", job!.id);
  await until(async () => Object.values((await shown("latest")).counts).every((n) => n === 0));
});

it("gives what it retries all its attempts again", { timeout: 60_000 }, async () => {
  await work(defineTasks("other", import.meta.url, { nothing: () => {} }));
  const client = fleet.client(server.url);
  await client.send(board.twice, { n: 1 }, { id: "unknown" });
  await until(async () => (await shown("failed")).jobs.length === 1, 40_000);
  const [job] = (await shown("failed")).jobs;
  expect(job?.failedReason).toContain('knows the task "board.twice"');
  await press("retry", job!.id);
  // The worker that does not know it gives it back once more, for one that does.
  await until(async () => (await shown("delayed")).jobs.length === 1);
  await work();
  await until(async () => (await outcome(client.job("unknown").result())) === 2);
});

it("removes a job, and whoever waits for it is told", { timeout: 90_000 }, async () => {
  const client = fleet.client(server.url, { noWorkersTimeout: 80_000 });
  const waiting = outcome(client.run(board.twice, { n: 1 }));
  await until(async () => (await shown("prioritized")).jobs.length === 1);
  const [job] = (await shown("prioritized")).jobs;
  await press("clean", job!.id);
  expect((await shown("prioritized")).counts).toMatchObject({ prioritized: 0 });
  expect(await waiting).toBe("RESULT_LOST");
});
