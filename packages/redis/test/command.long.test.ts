import { spawn } from "node:child_process";
import { once } from "node:events";
import { eventLoop } from "@quintet/async";
import { afterAll, beforeAll, expect, it } from "vitest";
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

/** Runs the command line in a process of its own. */
async function run(
  ...args: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const flags = ["--conditions=@quintet/source", cli, ...args];
  const env = { ...process.env, REDIS_URL: server.url };
  const child = spawn(process.execPath, flags, { cwd: folder, env });
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

it(
  "does not wait for a Redis that is not there, and tells no password",
  { timeout: 60_000 },
  async () => {
    const { code, err } = await on("info", "--redis", "redis://:hunter2@127.0.0.1:1");
    expect(code).toBe(1);
    expect(err).toContain("ECONNREFUSED");
    expect(err).not.toContain("hunter2");
  },
);

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
