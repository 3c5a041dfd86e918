import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { eventLoop } from "@quintet/async";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve } from "../src/index.ts";
import { Fleet, until } from "./fleet.ts";
import { type RedisServer, testRedis } from "./redis-server.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

const cli = new URL("../src/cli.ts", import.meta.url).pathname;
const taskFile = new URL("task-files/fleet.tasks.ts", import.meta.url).pathname;
const folder = new URL("..", import.meta.url).pathname;

let server: Pick<RedisServer, "url" | "stop">;
const fleet = new Fleet();

beforeAll(async () => {
  server = await testRedis();
});
afterAll(async () => {
  await fleet.clear();
  await server.stop();
});

function start(...args: readonly string[]): ChildProcessWithoutNullStreams {
  const flags = ["--conditions=@quintet/source", cli, ...args];
  return spawn(process.execPath, flags, {
    cwd: folder,
    env: { ...process.env, REDIS_URL: server.url },
  });
}

/** Runs the command line in a process of its own. */
async function run(
  ...args: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const child = start(...args);
  let [out, err] = ["", ""];
  child.stdout.on("data", (data: unknown) => (out += String(data)));
  child.stderr.on("data", (data: unknown) => (err += String(data)));
  const [code] = (await once(child, "close")) as [number];
  return { code, out: out.trim(), err: err.trim() };
}

const on = (command: string, ...args: readonly string[]): ReturnType<typeof run> =>
  run(command, "--queue", fleet.queue, ...args);

it("says what is wrong with a command line, and ends with 2", { timeout: 60_000 }, async () => {
  expect(await run()).toMatchObject({ code: 2 });
  expect((await run("--help")).out).toContain("npx @quintet/redis COMMAND");
  expect(await run("info")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--queue NAME is missing"),
  });
  expect(await on("fly")).toMatchObject({
    code: 2,
    err: expect.stringContaining('no command "fly"'),
  });
  expect(await on("jobs", "--state", "odd")).toMatchObject({ code: 2 });
  expect(await on("worker")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--tasks FILE"),
  });
});

describe("a password in the URL", () => {
  const commands = [["info"], ["info", "--watch"], ["jobs"], ["bench"], ["pause"]];

  it("is told by no command that finds no Redis", { timeout: 60_000 }, async () => {
    for (const [command = "", ...more] of commands) {
      const url = "redis://:hunter2%21@127.0.0.1:1";
      const { code, out, err } = await on(command, ...more, "--redis", url);
      expect(code).toBe(1);
      expect(err).toContain("ECONNREFUSED");
      expect(out + err).not.toContain("hunter2");
    }
  });

  it("is not told when Redis refuses it, or repeats it", { timeout: 60_000 }, async () => {
    const fake = createServer((socket) => socket.write("-WRONGPASS hunter2! is wrong\r\n"));
    await once(fake.listen(0, "127.0.0.1"), "listening");
    const { port } = fake.address() as { port: number };
    const url = `redis://ada:hunter2%21@127.0.0.1:${port}`;
    const { code, out, err } = await on("info", "--redis", url);
    fake.close();
    expect(code).toBe(1);
    expect(err).toContain("WRONGPASS ***");
    expect(out + err).not.toContain("hunter2");
  });

  it("is not told where the URL is none", { timeout: 60_000 }, async () => {
    for (const url of ["http://:hunter2@localhost", "redis://:hunt#er2@localhost", ":hunter2"]) {
      const { code, out, err } = await on("info", "--redis", url);
      expect(code).toBe(2);
      expect(err).toContain("--redis is no redis://");
      expect(out + err).not.toMatch(/hunt|er2/);
    }
  });
});

it(
  "shows what is in a queue again and again, until it is told to end",
  { timeout: 60_000 },
  async () => {
    const child = start("info", "--queue", fleet.queue, "--watch", "--json", "--every", "50");
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const client = fleet.client(server.url);
    expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ waiting: 0 });
    await client.send(tasks.echo, 1);
    let info: { waiting: number };
    do info = JSON.parse((await lines.next()).value as string) as typeof info;
    while (info.waiting === 0);
    expect(info.waiting).toBe(1);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await on("empty")).toMatchObject({ code: 0 });
  },
);

it("measures a queue that is served, and leaves it as it was", { timeout: 60_000 }, async () => {
  const queue = `${fleet.queue}-bench`;
  const raw = new Redis(server.url);
  const worker = serve({ queue, tasks, on: eventLoop(), connection: server.url });
  try {
    await worker.ready();
    // BullMQ looks for stalled jobs now and then, and notes it.
    const keys = async (): Promise<string[]> =>
      (await raw.keys(`*{${queue}}*`)).filter((key) => !key.includes("stalled")).toSorted();
    const before = await keys();
    const { code, out } = await run("bench", "--queue", queue, "--tasks", "20", "--json");
    expect(code).toBe(0);
    const figures = JSON.parse(out) as Record<string, number>;
    expect(figures).toMatchObject({ queue, tasks: 20 });
    for (const name of ["runPerSecond", "mapPerSecond", "p50", "p99"]) {
      expect(figures[name]).toBeGreaterThan(0);
    }
    expect(await keys()).toEqual(before);
    const child = start("bench", "--queue", queue, "--tasks", "100000");
    await until(async () => (await raw.keys("*.bench-*")).length > 5, 30_000);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(await keys()).toEqual(before);
    expect(worker.jobs).toBe(0);
  } finally {
    await worker.close();
    raw.disconnect();
  }
});

it("lists, pauses, resumes, cancels and empties", { timeout: 60_000 }, async () => {
  const client = fleet.client(server.url);
  const first = client.run(tasks.echo, 1).catch((error: unknown) => error);
  await client.send(tasks.echo, 2, { id: "two" });
  await client.send(tasks.echo, 3);
  const info = JSON.parse((await on("info", "--json")).out) as object;
  expect(info).toMatchObject({ waiting: 3, running: 0, dead: 0, paused: false, workers: [] });
  const jobs = JSON.parse((await on("jobs", "--json")).out) as { id: string }[];
  expect(jobs).toHaveLength(3);
  expect(await on("cancel", jobs[0]!.id)).toMatchObject({ code: 0 });
  expect(await first).toMatchObject({ name: "AbortError" });
  expect(await on("cancel", "two")).toMatchObject({ code: 0 });
  expect(await on("cancel", "two")).toMatchObject({ code: 1 });
  expect(await on("pause")).toMatchObject({ code: 0 });
  expect((await on("info")).out).toContain("(paused): 1 waiting");
  expect(await on("resume")).toMatchObject({ code: 0 });
  expect(await on("empty")).toMatchObject({ code: 0 });
  expect((await on("info")).out).toContain(": 0 waiting");
});

it(
  "serves a queue until it is empty, and puts dead letters back",
  { timeout: 60_000 },
  async () => {
    const client = fleet.client(server.url);
    await client.send(tasks.thrice);
    await client.send(tasks.echo, 1, { id: "one" });
    const burst = await on("worker", "--tasks", taskFile, "--on", "event-loop:2", "--burst");
    expect(burst).toMatchObject({
      code: 0,
      out: expect.stringContaining("has ended after 2 jobs"),
    });
    expect(await client.job("one").result()).toBe(1);
    expect((await on("jobs", "--state", "dead")).out).toContain("attempt 1");
    expect(await on("requeue")).toMatchObject({ code: 0, out: "1 requeued" });
    const worker = serve({ queue: fleet.queue, tasks, on: eventLoop(), connection: server.url });
    await worker.ready();
    await until(async () => (await on("info")).out.includes("1 dead"), 20_000);
    await worker.close();
  },
);
