/** Python functions called by name, on real workers of RQ. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { PythonError, rq, type RqClient, type RqOptions } from "../src/rq.ts";
import { Fleet, lines, outcome, until } from "./fleet.ts";
import { type RedisServer, testRedis } from "./redis-server.ts";

const functions = dirname(fileURLToPath(new URL("task-files/rq_tasks.py", import.meta.url)));

let server: Pick<RedisServer, "url" | "stop">;
let raw: Redis;
let fleet: Fleet;
const children: ChildProcess[] = [];
const clients: RqClient[] = [];

beforeAll(async () => {
  if (spawnSync("rq", ["--version"]).status !== 0) {
    throw new Error(
      "These tests need Python's RQ: apt-get install python3-rq on Debian, else pip install rq.",
    );
  }
  server = await testRedis();
  raw = new Redis(server.url);
});
afterAll(async () => {
  raw.disconnect();
  await server.stop();
});

beforeEach(() => {
  fleet = new Fleet();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((one) => one.close({ cancel: true })));
  await Promise.all(
    children.splice(0).map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      process.kill(-Number(child.pid), "SIGKILL");
      await once(child, "exit");
    }),
  );
  await fleet.clear();
});

function client(options: Partial<RqOptions> = {}): RqClient {
  const made = rq({ queue: fleet.queue, connection: server.url, ...options });
  clients.push(made);
  return made;
}

/** Starts a worker of RQ, in a process group of its own since it kills by groups; JSON unless told otherwise. */
async function work(serializer: string = "rq.serializers.JSONSerializer"): Promise<void> {
  const args = ["worker", "--url", server.url, "--path", functions, "--serializer", serializer];
  const child = spawn("rq", [...args, fleet.queue], { stdio: "ignore", detached: true });
  children.push(child);
  await until(async () => (await raw.scard(`rq:workers:${fleet.queue}`)) > 0, 20_000);
}

it("gives what a function returns, and its exception", { timeout: 60_000 }, async () => {
  await work();
  const python = client();
  expect(await python.run("rq_tasks.add", [1, 2])).toEqual({ sum: 3 });
  expect(await python.run("rq_tasks.add", [1], { kwargs: { b: 41 } })).toEqual({ sum: 42 });
  expect(await python.run("rq_tasks.nothing")).toBeNull();
  const error = await python.run("rq_tasks.fail", ["bad: x"]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PythonError);
  expect(error).toMatchObject({ type: "ValueError", message: "bad: x" });
  expect((error as PythonError).traceback).toContain("rq_tasks.py");
  const unknown = await python.run("rq_tasks.none").catch((thrown: unknown) => thrown);
  expect(unknown).toBeInstanceOf(PythonError);
  const sums = [1, 2, 3, 4, 5].map((n) => python.run("rq_tasks.add", [n]));
  expect(await Promise.all(sums)).toEqual([1, 2, 3, 4, 5].map((sum) => ({ sum })));
});

it(
  "waits for a job whose id is there already, and sends it once",
  { timeout: 60_000 },
  async () => {
    const [one, other] = [client(), client()];
    const first = one.run("rq_tasks.add", [1], { id: `it-${fleet.queue}` });
    await until(async () => (await raw.llen(`rq:queue:${fleet.queue}`)) === 1);
    const second = other.run("rq_tasks.add", [2], { id: `it-${fleet.queue}` });
    await work();
    expect(await first).toEqual({ sum: 1 });
    expect(await second).toEqual({ sum: 1 });
  },
);

it("stops a function that runs, with RQ's own command", { timeout: 60_000 }, async () => {
  await work();
  const python = client();
  const journal = fleet.file();
  const controller = new AbortController();
  const run = outcome(python.run("rq_tasks.sleep", [journal], { signal: controller.signal }));
  await until(() => lines(journal).length === 1, 20_000);
  const reason = new Error("enough");
  controller.abort(reason);
  expect(await run).toBe(reason);
  // The worker is free again long before the function would have ended.
  expect(await python.run("rq_tasks.add", [1])).toEqual({ sum: 1 });
  expect(lines(journal)).toEqual(["started"]);
  expect(children[0]?.signalCode).toBeNull();
});

it("takes a job that waits out of the queue, and leaves nothing of it", async () => {
  const python = client();
  const job = python.submit("rq_tasks.add", [1]);
  await until(async () => (await raw.llen(`rq:queue:${fleet.queue}`)) === 1);
  job.cancel();
  await expect(job.result).rejects.toMatchObject({ name: "AbortError" });
  await python.close();
  expect(await raw.llen(`rq:queue:${fleet.queue}`)).toBe(0);
  expect(await raw.exists(`rq:job:${job.id}`)).toBe(0);
  const aborted = client().run("rq_tasks.add", [1], { signal: AbortSignal.abort("no") });
  expect(await aborted.catch((reason: unknown) => reason)).toBe("no");
});

it("refuses pickle, and what is no JSON", { timeout: 60_000 }, async () => {
  const python = client();
  for (const [input, path] of [
    [new Date(), "args[0]"],
    [{ deep: [NaN] }, "args[0].deep[0]"],
    [undefined, "args[0]"],
  ] as const) {
    const error = await python.run("rq_tasks.add", [input]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "NOT_CLONEABLE", path });
  }
  const job = python.submit("rq_tasks.add", [1]);
  const pickled = Buffer.from("8004952e", "hex").toString("base64");
  await raw.xadd(`rq:results:${job.id}`, "*", "type", "1", "return_value", pickled);
  expect(await outcome(job.result)).toBe("MALFORMED");
  // A worker that expects pickle does not understand JSON, and says so.
  await work("rq.serializers.DefaultSerializer");
  expect(await outcome(python.run("rq_tasks.add", [1]))).toBeInstanceOf(PythonError);
});

it(
  "always ends: with no workers, a job that is gone, a worker that dies",
  { timeout: 60_000 },
  async () => {
    expect(await outcome(client({ noWorkersTimeout: 500 }).run("rq_tasks.nothing"))).toBe(
      "NO_WORKERS",
    );
    const python = client();
    const job = python.submit("rq_tasks.nothing");
    await until(async () => (await raw.exists(`rq:job:${job.id}`)) === 1);
    await raw.del(`rq:job:${job.id}`, `rq:queue:${fleet.queue}`);
    expect(await outcome(job.result)).toBe("RESULT_LOST");
    await work();
    expect(await outcome(python.run("rq_tasks.die"))).toBeInstanceOf(PythonError);
    const late = rq({ queue: fleet.queue, connection: "redis://127.0.0.1:1", sendTimeout: 100 });
    expect(await outcome(late.run("rq_tasks.nothing"))).toBe("UNREACHABLE");
    await late.close();
    expect(await outcome(late.run("rq_tasks.nothing"))).toBe("CLOSED");
  },
);
