/** What a queue can suffer, with real servers and worker processes. */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
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

async function command<T>(call: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(server.url);
  try {
    return await call(redis);
  } finally {
    redis.disconnect();
  }
}

describe("a worker", () => {
  it(
    "that is killed while it runs a task has it run elsewhere, with one result",
    { timeout: limit },
    async () => {
      const [journal, gate] = [fleet.file(), fleet.file()];
      const first = await fleet.worker(server.url);
      const client = fleet.client(server.url);
      const result = client.run(tasks.work, { journal, name: "it", until: gate });
      await until(() => client.stats().running === 1);
      await first.end();
      await fleet.worker(server.url);
      await until(() => client.stats().restarts === 1, 20_000);
      rmSync(gate);
      expect(await result).toBe("it");
      expect(lines(journal).filter((line) => line.includes("started"))).toHaveLength(2);
      expect(client.stats()).toMatchObject({ completed: 1, failed: 0, restarts: 1 });
    },
  );

  it(
    "that is killed costs a task with `retries: 0` its result: it does not run twice",
    { timeout: limit },
    async () => {
      const [journal, gate] = [fleet.file(), fleet.file()];
      const first = await fleet.worker(server.url);
      const client = fleet.client(server.url);
      const result = outcome(
        client.run(tasks.work, { journal, name: "it", until: gate }, { retries: 0 }),
      );
      await until(() => lines(journal).length === 1);
      await first.end();
      await fleet.worker(server.url);
      expect(await result).toBe("WORKER_LOST");
      expect(lines(journal)).toHaveLength(1);
    },
  );

  it(
    "that a poisonous task kills again and again loses that task alone",
    { timeout: limit },
    async () => {
      const journal = fleet.file();
      const over = new AbortController();
      const keepUp = async (): Promise<void> => {
        while (!over.signal.aborted) {
          const worker = await fleet.worker(server.url, { concurrency: 4, maxLosses: 1 });
          while (!over.signal.aborted && worker.child.signalCode === null) await sleep(20);
        }
      };
      const workers = keepUp();
      const client = fleet.client(server.url);
      const good = Array.from({ length: 10 }, (_, name) =>
        client.run(tasks.work, { journal, name, milliseconds: 20 }),
      );
      const bad = outcome(client.run(tasks.poison, { journal, name: "bad" }));
      const more = Array.from({ length: 10 }, (_, n) => client.run(tasks.work, { name: 10 + n }));
      expect(await Promise.all([...good, ...more])).toEqual(
        Array.from({ length: 20 }, (_, n) => n),
      );
      expect(await bad).toBe("WORKER_LOST");
      // Once among others, then alone: the first time shows nothing, and one more loss is allowed.
      expect(lines(journal).filter((line) => line.startsWith("bad"))).toHaveLength(3);
      over.abort();
      await workers;
    },
  );

  it(
    "that stood still for longer than its lease loses its task to another one, and there is one result",
    { timeout: limit },
    async () => {
      const [journal, gate] = [fleet.file(), fleet.file()];
      const first = await fleet.worker(server.url);
      const client = fleet.client(server.url);
      const result = client.run(tasks.work, { journal, name: "it", until: gate });
      await until(() => lines(journal).length === 1);
      first.child.kill("SIGSTOP");
      await fleet.worker(server.url);
      await until(() => lines(journal).length === 2);
      first.child.kill("SIGCONT");
      rmSync(gate);
      expect(await result).toBe("it");
      expect(await client.run(tasks.echo, 1)).toBe(1);
      expect(client.stats().completed).toBe(2);
    },
  );

  it(
    "that is told to end finishes what it can, hands back the rest, and exits with 0",
    { timeout: limit },
    async () => {
      const [journal, gate] = [fleet.file(), fleet.file()];
      const first = await fleet.worker(server.url, { concurrency: 2 });
      const client = fleet.client(server.url);
      const short = client.run(tasks.work, { name: "short", milliseconds: 100 });
      const long = client.run(tasks.work, { journal, name: "long", until: gate });
      await until(() => lines(journal).length === 1);
      const exit = first.end("SIGTERM");
      expect(await short).toBe("short");
      const second = await fleet.worker(server.url, { lease: 60_000 });
      expect(await exit).toBe(0);
      await until(() => lines(journal).some((line) => line.endsWith(`by ${second.pid}`)), 3_000);
      rmSync(gate);
      expect(await long).toBe("long");
    },
  );
});

describe("a cancel", () => {
  it("reaches a task on another machine", { timeout: limit }, async () => {
    const [journal, gate] = [fleet.file(), fleet.file()];
    await fleet.worker(server.url);
    const client = fleet.client(server.url);
    const controller = new AbortController();
    const result = outcome(
      client.run(tasks.work, { journal, name: "it", until: gate }, { signal: controller.signal }),
    );
    await until(() => lines(journal).length === 1);
    controller.abort("enough");
    expect(await result).toBe("enough");
    await until(() => client.stats().running === 0);
    expect(await client.run(tasks.echo, 1)).toBe(1);
    expect(lines(journal)).toHaveLength(1);
  });

  it("of a task whose worker is lost keeps it from running again", { timeout: limit }, async () => {
    const [journal, gate] = [fleet.file(), fleet.file()];
    const first = await fleet.worker(server.url);
    const client = fleet.client(server.url);
    const controller = new AbortController();
    const result = outcome(
      client.run(tasks.work, { journal, name: "it", until: gate }, { signal: controller.signal }),
    );
    await until(() => client.stats().running === 1);
    first.child.kill("SIGSTOP");
    controller.abort("enough");
    expect(await result).toBe("enough");
    await sleep(200); // the cancellation is in Redis
    await first.end();
    await fleet.worker(server.url);
    expect(await client.run(tasks.echo, 1)).toBe(1);
    await until(() => client.stats().running === 0, 20_000);
    expect(lines(journal)).toHaveLength(1);
  });
});

describe("Redis", () => {
  it("that is killed and comes back has lost nothing", { timeout: limit }, async () => {
    const gate = fleet.file();
    await fleet.worker(server.url, { concurrency: 2 });
    const client = fleet.client(server.url);
    const running = client.run(tasks.work, { name: "running", until: gate });
    const queued = Array.from({ length: 50 }, (_, name) =>
      client.run(tasks.work, { name, milliseconds: 10 }),
    );
    await until(() => client.stats().running > 0);
    await server.kill();
    rmSync(gate);
    await sleep(3_000);
    const meanwhile = client.run(tasks.echo, "meanwhile");
    await server.start();
    expect(await running).toBe("running");
    expect(await Promise.all(queued)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(await meanwhile).toBe("meanwhile");
  });

  it(
    "that was away while nothing happened is served again afterwards",
    { timeout: limit },
    async () => {
      await fleet.worker(server.url);
      const client = fleet.client(server.url);
      expect(await client.run(tasks.echo, 1)).toBe(1);
      for (let time = 2; time <= 3; time++) {
        await server.kill();
        await sleep(6_500); // longer than BullMQ blocks
        await server.start();
        expect(await client.run(tasks.echo, time)).toBe(time);
      }
    },
  );

  it("that has lost everything ends every await", { timeout: limit }, async () => {
    const gate = fleet.file();
    await fleet.worker(server.url);
    const client = fleet.client(server.url);
    const results = Array.from({ length: 5 }, (_, name) =>
      outcome(client.run(tasks.work, { name, until: gate })),
    );
    // All of them are there: what is sent later is not lost, and would wait for the one that runs.
    const waiting = `quintet:{${fleet.queue}}:${fleet.queue}:prioritized`;
    await command((redis) =>
      until(async () => client.stats().running === 1 && (await redis.zcard(waiting)) === 4),
    );
    await command((redis) => redis.flushall());
    const ends = await Promise.all(results);
    expect(new Set(ends)).toEqual(new Set(["RESULT_LOST"]));
    rmSync(gate);
    expect(await client.run(tasks.echo, 1)).toBe(1);
  });

  it(
    "that loses the result streams and BullMQ's events costs nobody a result that comes later",
    { timeout: limit },
    async () => {
      const gate = fleet.file();
      await fleet.worker(server.url);
      const client = fleet.client(server.url);
      const result = outcome(client.run(tasks.work, { name: "it", until: gate }));
      await until(() => client.stats().running === 1);
      await command(async (redis) =>
        redis.del(...(await redis.keys("*results*")), ...(await redis.keys("*:events"))),
      );
      rmSync(gate);
      expect(await result).toBe("it");
      expect(await client.run(tasks.echo, 1)).toBe(1);
    },
  );

  it(
    "that is down fails a task at its deadline for sending, and takes it back later",
    { timeout: limit },
    async () => {
      const journal = fleet.file();
      await server.kill();
      const client = fleet.client(server.url, { sendTimeout: 300 });
      expect(await outcome(client.run(tasks.work, { journal, name: "it" }))).toBe("UNREACHABLE");
      await server.start();
      await fleet.worker(server.url);
      expect(await client.run(tasks.echo, 1)).toBe(1);
      expect(lines(journal)).toEqual([]);
    },
  );

  it(
    "with a wrong password says so at once, and does not say the password",
    { timeout: limit },
    async () => {
      await command((redis) => redis.config("SET", "requirepass", "secret"));
      const url = server.url.replace("//", "//:hunter2@");
      const client = fleet.client(url);
      const error: unknown = await client.run(tasks.echo, 1).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "UNREACHABLE" });
      expect(inspect(error, { depth: Infinity })).not.toContain("hunter2");
      expect(await outcome(client.ready())).toBe("UNREACHABLE");
    },
  );

  it(
    "that is full refuses a task, and goes on when there is room",
    { timeout: limit },
    async () => {
      await fleet.worker(server.url);
      const client = fleet.client(server.url);
      expect(await client.run(tasks.echo, 1)).toBe(1);
      await command((redis) => redis.config("SET", "maxmemory", "1"));
      expect(await outcome(client.run(tasks.echo, 2))).toBe("UNREACHABLE");
      await command((redis) => redis.config("SET", "maxmemory", "0"));
      expect(await client.run(tasks.echo, 3)).toBe(3);
    },
  );

  it(
    "that is full when a task ends takes its result when there is room, once",
    { timeout: limit },
    async () => {
      const [journal, gate] = [fleet.file(), fleet.file()];
      const worker = await fleet.worker(server.url, { concurrency: 3 });
      const client = fleet.client(server.url);
      const ends: unknown[] = [];
      const each = [1, 2, 3].map((name) =>
        client.run(tasks.work, { journal, name, until: gate }, { retries: 5 }),
      );
      const all = Promise.all(each.map(async (end) => ends.push(await end)));
      await until(() => lines(journal).length === 3);
      await command((redis) => redis.config("SET", "maxmemory", "1"));
      rmSync(gate);
      await until(() => worker.errors.includes("OOM"));
      expect(ends).toEqual([]);
      await command((redis) => redis.config("SET", "maxmemory", "0"));
      await all;
      expect(new Set(ends)).toEqual(new Set([1, 2, 3]));
      expect(ends).toHaveLength(3);
      expect(client.stats()).toMatchObject({ completed: 3, failed: 0, running: 0, queued: 0 });
    },
  );
});

describe("a script", () => {
  it("that Redis has forgotten is sent again", { timeout: limit }, async () => {
    await fleet.worker(server.url);
    const client = fleet.client(server.url);
    for (let time = 0; time < 3; time++) {
      expect(await client.run(tasks.echo, time)).toBe(time);
      await command((redis) => redis.script("FLUSH"));
      const many = Array.from({ length: 20 }, (_, n) => n);
      expect(await Promise.all(many.map((n) => client.run(tasks.echo, n)))).toEqual(many);
    }
  });
});

describe("a connection", () => {
  it(
    "that is reset again and again loses nothing and runs nothing twice for its caller",
    { timeout: limit },
    async () => {
      const proxy = await proxyTo(server.port);
      await fleet.worker(proxy.url, { concurrency: 4 });
      const client = fleet.client(proxy.url, { sendTimeout: 30_000 });
      const results = Array.from({ length: 300 }, (_, name) =>
        client.run(tasks.work, { name, milliseconds: 10 }),
      );
      for (let time = 0; time < 10; time++) {
        await sleep(200);
        proxy.cut();
      }
      expect(await Promise.all(results)).toEqual(Array.from({ length: 300 }, (_, n) => n));
      expect(client.stats()).toMatchObject({ completed: 300, failed: 0 });
    },
  );

  it("that is half open is found out, and the result comes", { timeout: limit }, async () => {
    const proxy = await proxyTo(server.port);
    const gate = fleet.file();
    await fleet.worker(server.url);
    const client = fleet.client(proxy.url);
    const result = client.run(tasks.work, { name: "it", until: gate });
    await until(() => client.stats().running === 1);
    proxy.freeze();
    rmSync(gate);
    expect(await result).toBe("it");
  });

  it("that loses the answer to a task's sending has it sent once", { timeout: limit }, async () => {
    const proxy = await proxyTo(server.port);
    const [journal, gate] = [fleet.file(), fleet.file()];
    const client = fleet.client(proxy.url);
    await fleet.worker(server.url);
    await client.ready();
    proxy.swallows = true;
    const result = client.run(tasks.work, { journal, name: "it", until: gate });
    await sleep(300);
    proxy.swallows = false;
    proxy.cut();
    await until(() => client.stats().running === 1);
    await sleep(200); // time for what is sent again
    rmSync(gate);
    expect(await result).toBe("it");
    expect(lines(journal).filter((line) => line.includes("started"))).toHaveLength(1);
  });

  it(
    "of a client that was blocked while 6,000 results came brings all of them",
    { timeout: limit },
    async () => {
      await fleet.worker(server.url, { concurrency: 50 });
      const client = fleet.client(server.url);
      const results = Array.from({ length: 6_000 }, (_, n) => client.run(tasks.echo, n));
      await sleep(1_000);
      for (const end = performance.now() + 8_000; performance.now() < end;);
      expect(await Promise.all(results)).toEqual(Array.from({ length: 6_000 }, (_, n) => n));
    },
  );
});

describe("nobody", () => {
  it("who serves a queue is told of", { timeout: limit }, async () => {
    const client = fleet.client(server.url, { noWorkersTimeout: 500 });
    expect(await outcome(client.run(tasks.echo, 1))).toBe("NO_WORKERS");
    await fleet.worker(server.url);
    expect(await client.run(tasks.echo, 2)).toBe(2);
  });

  it("keeps close() from ending, whatever is out of reach", { timeout: limit }, async () => {
    const client = fleet.client(server.url);
    const result = outcome(client.run(tasks.echo, 1));
    await server.kill();
    await client.close({ cancel: true, deadline: 200 });
    expect(await result).toBe("CLOSED");
  });
});
