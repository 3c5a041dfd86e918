/** What holders of permits and users of channels can suffer, with real servers and worker processes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Fleet, lines, outcome, until } from "./fleet.ts";
import { Proxy } from "./proxy.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

const limit = 60_000;
let server: RedisServer;
let fleet: Fleet;
const proxies: Proxy[] = [];

beforeEach(async () => {
  server = await startRedis("--appendonly", "yes", "--appendfsync", "always");
  fleet = new Fleet();
});

afterEach(async () => {
  await fleet.clear();
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  await server.stop();
});

async function proxyTo(port: number): Promise<Proxy> {
  const proxy = await Proxy.to(port);
  proxies.push(proxy);
  return proxy;
}

describe("a permit", () => {
  it(
    "of a task whose machine is lost goes to the next one when its lease has ended",
    { timeout: limit },
    async () => {
      const [journal, gate] = [fleet.file(), fleet.file()];
      const worker = await fleet.worker(server.url);
      const client = fleet.client(server.url);
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
      await fleet.worker(server.url);
      expect(await run).toBe("WORKER_LOST");
    },
  );

  it(
    "of a machine that stands still is lost, its signal fires, and the next one has a larger token",
    { timeout: limit },
    async () => {
      const [journal, gate] = [fleet.file(), fleet.file()];
      const worker = await fleet.worker(server.url);
      const client = fleet.client(server.url);
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
    const [journal, gate] = [fleet.file(), fleet.file()];
    await fleet.worker(server.url, { lease: 1_000 });
    const client = fleet.client(server.url);
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
      const proxy = await proxyTo(server.port);
      const far = fleet.client(proxy.url);
      const permit = await far.semaphore("it").acquire();
      const near = fleet.client(server.url).semaphore("it").acquire();
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

  it("of a Redis that has forgotten all is lost, and who waits is granted one", async () => {
    const client = fleet.client(server.url);
    const permit = await client.semaphore("it").acquire();
    const next = client.semaphore("it").acquire();
    await until(async () => (await client.semaphore("it").inspect()).state["waiting"] === 1);
    const redis = new Redis(server.url);
    await redis.flushall();
    redis.disconnect();
    await once(permit.signal, "abort");
    expect(permit.signal.reason).toMatchObject({ code: "LEASE_LOST" });
    expect((await next).weight).toBe(1);
  });

  it("that nobody waits for any more is given back when Redis answers late", async () => {
    const proxy = await proxyTo(server.port);
    const client = fleet.client(proxy.url, { sendTimeout: 300 });
    (await client.semaphore("it").acquire()).release();
    proxy.swallows = true;
    expect(await outcome(client.semaphore("it").acquire())).toBe("UNREACHABLE");
    proxy.swallows = false;
    proxy.cut();
    const other = fleet.client(server.url);
    await until(async () => (await other.semaphore("it").tryAcquire()) !== undefined);
  });
});

describe("a channel", () => {
  it(
    "hands each value to one receiver, once, however often connections break",
    { timeout: limit },
    async () => {
      const proxy = await proxyTo(server.port);
      const [sender, receiver] = [fleet.client(proxy.url), fleet.client(proxy.url)];
      const [from, to] = [sender.channel<number>("it"), receiver.channel<number>("it")];
      const received: number[] = [];
      const read = async (): Promise<void> => {
        for await (const value of to) received.push(value);
      };
      const readers = [read(), read(), read()];
      const over = new AbortController();
      const cuts = (async () => {
        while (!over.signal.aborted) {
          await sleep(40);
          proxy.swallows = true; // asked and done, and never answered
          await sleep(5);
          proxy.cut();
          proxy.swallows = false;
        }
      })();
      const numbers = Array.from({ length: 1_500 }, (_, n) => n);
      for (let n = 0; n < 1_500; n += 3)
        await Promise.all([from.send(n), from.send(n + 1), from.send(n + 2)]);
      over.abort();
      await cuts;
      await from.close();
      await Promise.all(readers);
      expect(received.toSorted((a, b) => a - b)).toEqual(numbers);
    },
  );

  it(
    "gives nothing to receivers whose machine is lost, and goes on",
    { timeout: limit },
    async () => {
      const journal = fleet.file();
      const worker = await fleet.worker(server.url);
      const client = fleet.client(server.url);
      const run = outcome(client.run(tasks.receives, { journal, name: "it" }, { retries: 0 }));
      const channel = client.channel<number>("it");
      await channel.send(1);
      await until(() => lines(journal).length === 1);
      const receivers = async (): Promise<unknown> => (await channel.inspect()).state["receivers"];
      await until(async () => (await receivers()) === 1);
      worker.child.kill("SIGSTOP");
      await until(async () => (await receivers()) === 0);
      const sent = channel.send(2);
      expect(await channel.receive()).toEqual({ done: false, value: 2 });
      await sent;
      await worker.end();
      await fleet.worker(server.url);
      expect(await run).toBe("WORKER_LOST");
    },
  );

  it("loses no value to a receive that was given up while Redis was away", async () => {
    const proxy = await proxyTo(server.port);
    const client = fleet.client(proxy.url, { sendTimeout: 300 });
    const other = fleet.client(server.url).channel<string>("it", { capacity: 4 });
    await client.channel("it").inspect();
    proxy.swallows = true;
    await other.send("a");
    await other.send("b");
    expect(await outcome(client.channel("it").receive())).toBe("UNREACHABLE");
    proxy.swallows = false;
    proxy.cut();
    await until(async () => (await other.inspect()).state["size"] === 2);
    expect(await other.receive()).toEqual({ done: false, value: "a" });
    expect(await other.receive()).toEqual({ done: false, value: "b" });
  });

  it("carries what a task on another machine sends, as fast as it is received", async () => {
    await fleet.worker(server.url);
    const client = fleet.client(server.url);
    const run = client.run(tasks.sends, { name: "it", milliseconds: 50 });
    const channel = client.channel<number>("it");
    for (let n = 0; n < 50; n++) expect(await channel.receive()).toEqual({ done: false, value: n });
    await run;
  });
});

it("lets its process end when nobody waits for an answer, also with a permit", async () => {
  const index = new URL("../src/index.ts", import.meta.url).href;
  const code = `
    import { redis } from ${JSON.stringify(index)};
    const queue = redis({ queue: "q", connection: ${JSON.stringify(server.url)} });
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
