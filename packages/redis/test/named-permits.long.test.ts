/** What holders of permits can suffer, with real servers and worker processes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { threads } from "@quintet/threads";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { serve } from "../src/index.ts";
import { FaultPlace } from "./fault-place.ts";
import { lines, outcome, until } from "./fleet.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

const limit = 60_000;
const place = new FaultPlace();

describe("a permit", () => {
  it(
    "of a task whose machine is lost goes to the next one when its lease has ended",
    { timeout: limit },
    async () => {
      const [journal, gate] = [place.fleet.file(), place.fleet.file()];
      const worker = await place.fleet.worker(place.server.url);
      const client = place.fleet.client(place.server.url);
      const run = outcome(
        client.run(tasks.holds, { journal, name: "it", until: gate }, { retries: 0 }),
      );
      await until(() => lines(journal).length === 1);
      const next = client.semaphore("it").acquire();
      await worker.end();
      const permit = await next;
      const [, token] = (lines(journal)[0] ?? "").split(" ");
      expect(permit.fencingToken).toBeGreaterThan(Number(token));
      expect(await client.semaphore("it").tryAcquire()).toBe(undefined);
      await place.fleet.worker(place.server.url);
      expect(await run).toBe("WORKER_LOST");
    },
  );

  it(
    "of a machine that stands still is lost, its signal fires, and the next one has a larger token",
    { timeout: limit },
    async () => {
      const [journal, gate] = [place.fleet.file(), place.fleet.file()];
      const worker = await place.fleet.worker(place.server.url);
      const client = place.fleet.client(place.server.url);
      const run = outcome(client.run(tasks.holds, { journal, name: "it", until: gate }));
      await until(() => lines(journal).length === 1);
      worker.child.kill("SIGSTOP");
      const permit = await client.semaphore("it").acquire();
      const [, token] = (lines(journal)[0] ?? "").split(" ");
      expect(permit.fencingToken).toBeGreaterThan(Number(token));
      worker.child.kill("SIGCONT");
      await until(() => lines(journal).length >= 2);
      expect(lines(journal)[1]).toBe("lost LEASE_LOST");
      expect(await client.semaphore("it").tryAcquire()).toBe(undefined);
      rmSync(gate);
      permit.release();
      expect(await run).toEqual(expect.any(Number));
    },
  );

  it("stays with its holder as long as that lives", { timeout: limit }, async () => {
    const [journal, gate] = [place.fleet.file(), place.fleet.file()];
    await place.fleet.worker(place.server.url, { lease: 1_000 });
    const client = place.fleet.client(place.server.url);
    const run = client.run(tasks.holds, { journal, name: "it", until: gate });
    await until(() => lines(journal).length === 1);
    await sleep(3_500); // some leases
    expect(await client.semaphore("it").tryAcquire()).toBe(undefined);
    rmSync(gate);
    const token = await run;
    expect((await client.semaphore("it").acquire()).fencingToken).toBeGreaterThan(token);
    expect(lines(journal)).toHaveLength(1);
  });

  it(
    "of a client that was cut off is lost when it cannot know better",
    { timeout: limit },
    async () => {
      const proxy = await place.proxy();
      const far = place.fleet.client(proxy.url);
      const permit = await far.semaphore("it").acquire();
      const near = place.fleet.client(place.server.url).semaphore("it").acquire();
      proxy.down = true;
      proxy.cut();
      await once(permit.signal, "abort");
      expect(permit.signal.reason).toMatchObject({ code: "LEASE_LOST" });
      const next = await near;
      expect(next.fencingToken).toBeGreaterThan(permit.fencingToken);
      proxy.down = false;
      permit.release(); // not theirs any more: the other one keeps its own
      expect(await far.semaphore("it").tryAcquire()).toBe(undefined);
      next.release();
      (await far.semaphore("it").acquire()).release();
    },
  );

  it("of a task on a thread is lost there, too", { timeout: limit }, async () => {
    const [journal, gate] = [place.fleet.file(), place.fleet.file()];
    const [on, connection] = [threads({ size: 1 }), place.server.url];
    const { queue } = place.fleet;
    const worker = serve({ queue, tasks, on, connection, lease: 1_000 });
    const client = place.fleet.client(connection);
    const run = client.run(tasks.holds, { journal, name: "it", until: gate });
    await until(() => lines(journal).length === 1);
    const redis = new Redis(connection);
    await redis.del(...(await redis.keys("*.names:alive:*"))); // as if the worker was not heard of
    redis.disconnect();
    await until(() => lines(journal).length === 2);
    expect(lines(journal)[1]).toBe("lost LEASE_LOST");
    rmSync(gate);
    expect(await run).toBeGreaterThan(0);
    await worker.close();
    await on.close();
  });

  it("of a Redis that has forgotten all is lost, and who waits is granted one", async () => {
    const client = place.fleet.client(place.server.url);
    const permit = await client.semaphore("it").acquire();
    const next = client.semaphore("it").acquire();
    await until(async () => (await client.semaphore("it").inspect()).state["waiting"] === 1);
    const redis = new Redis(place.server.url);
    await redis.flushall();
    redis.disconnect();
    await once(permit.signal, "abort");
    expect(permit.signal.reason).toMatchObject({ code: "LEASE_LOST" });
    expect((await next).weight).toBe(1);
  });

  it(
    "stays with its holder when an answer to another question was lost, and that one is told again",
    { timeout: limit },
    async () => {
      const proxy = await place.proxy();
      const client = place.fleet.client(proxy.url);
      const held = client.semaphore("held");
      const permit = await held.acquire();
      const other = place.fleet.client(place.server.url).semaphore("it");
      const first = await other.acquire();
      const second = client.semaphore("it").acquire();
      await until(async () => (await other.inspect()).state["waiting"] === 1);
      proxy.swallows = true;
      await first[Symbol.asyncDispose]();
      const redis = new Redis(place.server.url);
      const [stream = ""] = await redis.keys("*.names:answers:*");
      await redis.del(stream);
      await redis.xadd(stream, "*", "w", "somebody", "f", "nothing that can be read");
      redis.disconnect();
      proxy.swallows = false;
      proxy.cut();
      (await second).release();
      (await other.acquire()).release();
      expect(permit.signal.aborted).toBe(false);
      expect(await held.tryAcquire()).toBe(undefined);
    },
  );

  it(
    "that is waited for no more is left, also while Redis is away",
    { timeout: limit },
    async () => {
      const proxy = await place.proxy();
      const client = place.fleet.client(proxy.url, { sendTimeout: 300 });
      const holder = await place.fleet.client(place.server.url).semaphore("it").acquire();
      const controller = new AbortController();
      const waiting = outcome(client.semaphore("it").acquire({ signal: controller.signal }));
      await until(async () => (await client.semaphore("it").inspect()).state["waiting"] === 1);
      proxy.down = true;
      proxy.cut();
      controller.abort("enough");
      expect(await waiting).toBe("enough");
      proxy.down = false;
      holder.release();
      await until(async () => (await client.semaphore("it").tryAcquire()) !== undefined);
    },
  );

  it("that nobody waits for any more is given back when Redis answers late", async () => {
    const proxy = await place.proxy();
    const client = place.fleet.client(proxy.url, { sendTimeout: 300 });
    (await client.semaphore("it").acquire()).release();
    proxy.swallows = true;
    expect(await outcome(client.semaphore("it").acquire())).toBe("UNREACHABLE");
    proxy.swallows = false;
    proxy.cut();
    const other = place.fleet.client(place.server.url);
    await until(async () => (await other.semaphore("it").tryAcquire()) !== undefined);
  });
});

it("keeps its process alive as long as a return is waited for", async () => {
  const index = new URL("../src/index.ts", import.meta.url).href;
  const code = `
    import { redis } from ${JSON.stringify(index)};
    const queue = redis({ queue: "q", connection: ${JSON.stringify(place.server.url)} });
    {
      await using permit = await queue.semaphore("it").acquire();
    }
    console.log((await queue.semaphore("it").inspect()).state.taken);
  `;
  const flags = ["--conditions=@quintet/source", "--input-type=module", "--eval", code];
  const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (data: unknown) => (output += String(data)));
  const [exitCode] = (await once(child, "exit")) as [number];
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: "0\n" });
});

it("ends the wait for a return while Redis is away, and has the permit back later", async () => {
  const proxy = await place.proxy();
  const client = place.fleet.client(proxy.url, { sendTimeout: 300 });
  const permit = await client.semaphore("it").acquire();
  proxy.down = true;
  proxy.cut();
  await permit[Symbol.asyncDispose]();
  const other = place.fleet.client(place.server.url).semaphore("it");
  expect(await other.tryAcquire()).toBe(undefined);
  proxy.down = false;
  expect((await other.acquire()).weight).toBe(1);
});

it("waits on, though Redis has forgotten who stands in line", { timeout: limit }, async () => {
  const client = place.fleet.client(place.server.url);
  const other = place.fleet.client(place.server.url).semaphore("it");
  const first = await other.acquire();
  const second = client.semaphore("it").acquire();
  await until(async () => (await other.inspect()).state["waiting"] === 1);
  const redis = new Redis(place.server.url);
  await redis.del(...(await redis.keys("*.names:line:*"))); // it was not saved yet
  for (const key of await redis.keys("*.names:session:*")) await redis.hdel(key, "1", "2", "3");
  redis.disconnect();
  first.release();
  expect((await second).weight).toBe(1);
});

it("lets its process end when nobody waits for an answer, also with a permit", async () => {
  const index = new URL("../src/index.ts", import.meta.url).href;
  const code = `
    import { redis } from ${JSON.stringify(index)};
    const queue = redis({ queue: "q", connection: ${JSON.stringify(place.server.url)} });
    const permit = await queue.semaphore("it").acquire();
    const waiting = queue.semaphore("it").acquire({ timeout: 300 });
    await waiting.catch(({ code }) => console.log(code));
    console.log("over");
  `;
  const flags = ["--conditions=@quintet/source", "--input-type=module", "--eval", code];
  const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (data: unknown) => (output += String(data)));
  const [exitCode] = (await once(child, "exit")) as [number];
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: "TIMEOUT\nover\n" });
});
