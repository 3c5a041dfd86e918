/** What a queue takes beside the contract of all executors. */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { eventLoop } from "@quintet/async";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { serve, type ServeOptions, type TaskWorker } from "../src/index.ts";
import { jobOfId } from "../src/transport/kept-results.ts";
import { Fleet, lines, outcome, until } from "./fleet.ts";
import { type RedisServer, testRedis } from "./redis-server.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

let server: Pick<RedisServer, "url" | "stop">;
let fleet = new Fleet();
const workers: TaskWorker[] = [];

beforeAll(async () => {
  server = await testRedis();
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.close({ cancel: true })));
  await fleet.clear();
  fleet = new Fleet();
});
afterAll(() => server.stop());

async function work(options: Partial<ServeOptions> = {}): Promise<TaskWorker> {
  const { queue } = fleet;
  const worker = serve({ queue, tasks, on: eventLoop(), connection: server.url, ...options });
  workers.push(worker);
  await worker.ready();
  return worker;
}

/** What BullMQ itself says of the queue. */
async function bull<T>(ask: (queue: Queue) => Promise<T>): Promise<T> {
  const connection = new Redis(server.url, { maxRetriesPerRequest: null });
  const queue = new Queue(fleet.queue, { connection, prefix: `quintet:{${fleet.queue}}` });
  try {
    return await ask(queue);
  } finally {
    await queue.close();
    connection.disconnect();
  }
}

describe("a task with an id", () => {
  it("runs once, however many ask for it, and all get its result", async () => {
    await work();
    const [journal, until_] = [fleet.file(), fleet.file()];
    const [one, other] = [fleet.client(server.url), fleet.client(server.url)];
    const entry = { journal, name: "it", until: until_ };
    const first = one.run(tasks.work, entry, { id: "order 1" });
    await until(() => lines(journal).length === 1);
    const more = [
      one.run(tasks.work, entry, { id: "order 1" }),
      other.run(tasks.work, entry, { id: "order 1" }),
    ];
    await sleep(50);
    rmSync(until_);
    expect(await Promise.all([first, ...more])).toEqual(["it", "it", "it"]);
    // Also when it is over.
    expect(await other.run(tasks.work, entry, { id: "order 1" })).toBe("it");
    expect(lines(journal)).toHaveLength(2);
    expect(await other.run(tasks.echo, 2, { id: "order 2" })).toBe(2);
  });

  it("runs again when its result is kept no longer", async () => {
    await work();
    const client = fleet.client(server.url);
    const journal = fleet.file();
    for (let time = 0; time < 2; time++) {
      expect(
        await client.run(tasks.work, { journal, name: "it" }, { id: "short", resultTtl: 1 }),
      ).toBe("it");
      await sleep(10);
    }
    expect(lines(journal)).toHaveLength(4);
  });

  it("keeps an error as well, and refuses the id to another task", async () => {
    await work();
    const client = fleet.client(server.url);
    const failing = (): Promise<unknown> =>
      client.run(tasks.thrice, undefined, { id: "bad" }).catch((error: unknown) => error);
    expect(await failing()).toBeInstanceOf(RangeError);
    expect(await failing()).toMatchObject({ message: "attempt 1" });
    const held = fleet.file();
    const running = client.run(tasks.work, { name: "it", until: held }, { id: "taken" });
    await until(() => client.stats().running === 1);
    expect(await outcome(client.run(tasks.echo, 1, { id: "taken" }))).toBe("INVALID_OPTION");
    rmSync(held);
    expect(await running).toBe("it");
  });

  it("goes on for others when one of those who wait for it gives up", async () => {
    await work();
    const held = fleet.file();
    const [one, other] = [fleet.client(server.url), fleet.client(server.url)];
    const entry = { name: "it", until: held };
    const first = one.run(tasks.work, entry, { id: "shared" });
    await until(() => one.stats().running === 1);
    const controller = new AbortController();
    const second = outcome(
      other.run(tasks.work, entry, { id: "shared", signal: controller.signal }),
    );
    await sleep(50);
    controller.abort("enough");
    expect(await second).toBe("enough");
    rmSync(held);
    expect(await first).toBe("it");
  });
});

describe("send", () => {
  it("leaves a task in the queue for whoever serves it, and says whether it was there", async () => {
    const client = fleet.client(server.url);
    expect(await client.send(tasks.echo, 1, { id: "a" })).toEqual({ id: "a", deduped: false });
    expect(await client.send(tasks.echo, 2, { id: "a" })).toEqual({ id: "a", deduped: true });
    await client.close();
    await work();
    const later = fleet.client(server.url);
    expect(await later.job("a").result()).toBe(1);
    expect(await later.job("a").state()).toBe("completed");
    expect(await later.send(tasks.echo, 3, { id: "a" })).toEqual({ id: "a", deduped: true });
  });

  it("costs nobody a listener, and a task that fails goes to the dead letters", async () => {
    await work();
    const client = fleet.client(server.url);
    const { id } = await client.send(tasks.thrice);
    await until(async () => (await client.job(id).state()) === "dead");
    const [dead] = await bull((queue) => queue.getFailed());
    expect(dead).toMatchObject({
      name: "fleet.thrice",
      failedReason: expect.stringContaining("attempt 1"),
    });
    expect(client.stats()).toMatchObject({ queued: 0, running: 0 });
    expect(await outcome(client.job(id).result())).toBe("RESULT_LOST");
  });

  it("refuses what cannot travel, and what is no task", async () => {
    const client = fleet.client(server.url);
    expect(await outcome(client.send(tasks.echo, () => 1))).toBe("NOT_CLONEABLE");
    expect(await outcome(client.send((() => 1) as never))).toBe("NOT_SUPPORTED");
    expect(await outcome(client.send(tasks.echo, 1, { dealy: 1 } as object))).toBe(
      "INVALID_OPTION",
    );
  });
});

describe("a job found by its id", () => {
  it("is waited for by another client, cancelled, and told to be unknown", async () => {
    await work();
    const held = fleet.file();
    const [one, other] = [fleet.client(server.url), fleet.client(server.url)];
    const running = outcome(one.run(tasks.work, { name: "it", until: held }, { id: "long" }));
    await until(() => one.stats().running === 1);
    const found = other.job("long");
    expect(await found.state()).toBe("running");
    const result = outcome(found.result());
    expect(await found.cancel(new RangeError("from afar"))).toBe(true);
    expect(await running).toMatchObject({ message: "from afar" });
    expect(await result).toMatchObject({ message: "from afar" });
    expect(await other.job("none").state()).toBe("unknown");
    expect(await outcome(other.job("none").result())).toBe("EXPIRED");
    expect(await other.job("none").cancel()).toBe(false);
    expect(await outcome(other.job("none").result({ signal: AbortSignal.abort("no") }))).toBe("no");
  });
});

describe("time", () => {
  it("delays a task, and expires one that nobody has started", async () => {
    const client = fleet.client(server.url);
    const expired = outcome(client.run(tasks.echo, 1, { expires: 1 }));
    const start = performance.now();
    const delayed = client.run(tasks.echo, 2, { delay: 200 });
    const at = client.run(tasks.echo, 3, { at: Date.now() + 200 });
    await sleep(20);
    await work();
    expect(await expired).toBe("EXPIRED");
    expect(await Promise.all([delayed, at])).toEqual([2, 3]);
    expect(performance.now() - start).toBeGreaterThan(190);
    expect(await outcome(client.run(tasks.echo, 4, { delay: 20, expires: 10 }))).toBe(
      "INVALID_OPTION",
    );
  });

  it("takes a task back that has not started in time", async () => {
    const client = fleet.client(server.url);
    const journal = fleet.file();
    expect(
      await outcome(client.run(tasks.work, { journal, name: "it" }, { startTimeout: 30 })),
    ).toBe("START_TIMEOUT");
    await work();
    expect(await client.run(tasks.echo, 1, { startTimeout: 10_000 })).toBe(1);
    expect(lines(journal)).toEqual([]);
  });

  it("runs a task again and again", async () => {
    await work();
    const client = fleet.client(server.url);
    const journal = fleet.file();
    await client.repeat("tick", tasks.work, { journal, name: "tick" }, { every: 50 });
    await until(() => lines(journal).length >= 6);
    expect(await client.stopRepeating("tick")).toBe(true);
    expect(await client.stopRepeating("tick")).toBe(false);
    await client.repeat(
      "cron",
      tasks.work,
      { journal, name: "cron" },
      { cron: "* * * * * *", timeZone: "UTC" },
    );
    await until(() => lines(journal).includes("cron ended"));
    await client.stopRepeating("cron");
    expect(await outcome(client.repeat("bad", tasks.echo, 1, { every: 0 }))).toBe("INVALID_OPTION");
  });
});

describe("a task that fails by itself", () => {
  it("is run again as often as it may be, each time a moment later", async () => {
    await work();
    const client = fleet.client(server.url);
    expect(await client.run(tasks.thrice, undefined, { retry: { attempts: 3, delay: 10 } })).toBe(
      3,
    );
    expect(
      await client
        .run(tasks.thrice, undefined, { retry: { attempts: 2, delay: 10 } })
        .catch(String),
    ).toBe("RangeError: attempt 2");
    expect(client.stats()).toMatchObject({ completed: 1, failed: 1, restarts: 0 });
  });
});

describe("an unknown task", () => {
  it("waits for a worker that knows it", async () => {
    await work({ tasks: { echo: tasks.echo } });
    const client = fleet.client(server.url);
    const result = client.run(tasks.thrice, undefined, { retry: { attempts: 3, delay: 1 } });
    await sleep(100);
    await workers[0]?.close();
    await work();
    expect(await result).toBe(3);
  });
});

describe("sizes", () => {
  it("beyond the limits are refused on both sides", async () => {
    await work({ maxResult: 1_000 });
    const client = fleet.client(server.url, { maxInput: 1_000 });
    expect(await outcome(client.run(tasks.echo, "x".repeat(999)))).toBe("TOO_LARGE");
    expect(await client.run(tasks.echo, "x".repeat(998))).toHaveLength(998);
    expect(await outcome(client.run(tasks.big, 999))).toBe("TOO_LARGE");
    expect(await client.run(tasks.big, 998)).toHaveLength(998);
  });
});

describe("hostile jobs", () => {
  it("fail alone, and go to the dead letters", async () => {
    await work();
    const client = fleet.client(server.url);
    await bull((queue) =>
      queue.addBulk(
        [
          1,
          null,
          {},
          { v: 1, task: "__proto__", to: null, at: 0, items: [{ n: 0 }] },
          { v: 99 },
          { v: 1, task: "fleet.echo", to: "../x", at: 0, items: [{ n: 0 }] },
          { v: 1, task: "fleet.echo", to: null, at: 0, items: [{ n: 0, input: { $ref: 7 } }] },
        ].map((data) => ({ name: "hostile", data })),
      ),
    );
    expect(await client.run(tasks.echo, 1)).toBe(1);
    // "__proto__" is a name like any other, and gets its time to find a worker that knows it.
    await until(async () => (await bull((queue) => queue.getFailedCount())) >= 6);
    const reasons = (await bull((queue) => queue.getFailed())).map(
      ({ failedReason }) => failedReason,
    );
    expect(reasons.filter((reason) => /damaged|hostile|version 99/.test(reason))).toHaveLength(6);
  });
});

describe("a dead letter", () => {
  it("does not keep out what is sent again under its id", async () => {
    await work();
    const client = fleet.client(server.url);
    await bull((queue) => queue.add("fleet.echo", { v: 1 }, { jobId: jobOfId("again") }));
    await until(async () => (await bull((queue) => queue.getFailedCount())) === 1);
    expect(await client.run(tasks.echo, 1, { id: "again" })).toBe(1);
    expect(await bull((queue) => queue.getFailedCount())).toBe(0);
  });
});

describe("a Redis that may evict keys", () => {
  it("is not served, unless that is allowed", async () => {
    const redis = new Redis(server.url);
    await redis.config("SET", "maxmemory-policy", "allkeys-lru");
    try {
      await expect(work()).rejects.toMatchObject({
        code: "UNREACHABLE",
        message: expect.stringContaining("allkeys-lru"),
      });
      await work({ allowEviction: true });
    } finally {
      await redis.config("SET", "maxmemory-policy", "noeviction");
      redis.disconnect();
    }
  });
});

describe("a queue that was drained", () => {
  it("leaves nothing in Redis but what was declared", async () => {
    const worker = await work({ concurrency: 4 });
    const client = fleet.client(server.url);
    await client
      .map(
        tasks.echo,
        Array.from({ length: 500 }, (_, n) => n),
      )
      .toArray();
    await client.close();
    await worker.close();
    const redis = new Redis(server.url);
    const keys = await redis.keys(`quintet:{${fleet.queue}}*`);
    redis.disconnect();
    const names = keys.map((key) => key.replace(`quintet:{${fleet.queue}}`, ""));
    const own = [
      `:${fleet.queue}:meta`,
      `:${fleet.queue}:events`,
      `:${fleet.queue}:id`,
      `:${fleet.queue}:marker`,
      `:${fleet.queue}:pc`,
      `:${fleet.queue}:stalled-check`,
    ];
    expect(names.filter((name) => !own.includes(name))).toEqual([]);
  });
});
