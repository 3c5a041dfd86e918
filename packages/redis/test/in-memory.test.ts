/** What a queue takes beside the contract of all executors, without a server. */
import { rmSync } from "node:fs";
import { eventLoop } from "@quintet/async";
import { afterEach, describe, expect, it } from "vitest";
import { transportKey } from "../src/memory/in-memory-connection.ts";
import { inMemory } from "../src/in-memory.ts";
import { type InMemory, redis, serve, type ServeOptions, type TaskWorker } from "../src/index.ts";
import { checkEnvelope } from "../src/transport/protocol.ts";
import { queueKeys } from "../src/transport/queue-keys.ts";
import type { FetchedJob, JobEnd, QueueTransport, WorkerLink } from "../src/transport/transport.ts";
import { Fleet, lines, outcome, until } from "./fleet.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

const queue = "test";

/** The bare end of a queue, which a test holds. */
class MemoryWorker {
  readonly link: WorkerLink;
  readonly jobs: FetchedJob[] = [];
  readonly #end: JobEnd;
  readonly #ends = Promise.withResolvers<void>();

  constructor(connection: InMemory, end: JobEnd = { type: "done" }) {
    this.#end = end;
    const options = { name: "bare", lease: 1_000, allowEviction: false, onError: () => {} };
    const transport = connection[transportKey] as QueueTransport;
    this.link = transport.worker(queueKeys(queue), options);
  }

  async consume(): Promise<void> {
    await this.link.consume(1, async (job) => {
      this.jobs.push(job);
      await this.#ends.promise;
      return this.#end;
    });
  }

  done(): void {
    this.#ends.resolve();
  }
}

let fleet = new Fleet();
const open: AsyncDisposable[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one[Symbol.asyncDispose]()));
  await fleet.clear();
  fleet = new Fleet();
});

async function work(
  connection: InMemory,
  options: Partial<ServeOptions> = {},
): Promise<TaskWorker> {
  const worker = serve({ queue, tasks, on: eventLoop(), connection, ...options });
  open.push({ [Symbol.asyncDispose]: () => worker.close({ cancel: true }) });
  await worker.ready();
  return worker;
}

function client(connection: InMemory): ReturnType<typeof redis> {
  const made = redis({ queue, connection });
  open.push({ [Symbol.asyncDispose]: () => made.close({ cancel: true, deadline: 500 }) });
  return made;
}

describe("a queue in memory", () => {
  it("runs what is sent to it, also by others, and by nobody who has another memory", async () => {
    const connection = inMemory();
    await work(connection);
    const [one, other, stranger] = [client(connection), client(connection), client(inMemory())];
    const elsewhere = redis({ queue: "another", connection });
    const counted = await Promise.all([one, other].map((asker) => asker.run(tasks.echo, { n: 1 })));
    expect(counted).toEqual([{ n: 1 }, { n: 1 }]);
    expect(await outcome(elsewhere.run(tasks.echo, 1, { startTimeout: 20 }))).toBe("START_TIMEOUT");
    expect(await outcome(stranger.run(tasks.echo, 1, { startTimeout: 20 }))).toBe("START_TIMEOUT");
    await elsewhere.close();
  });

  it("says that it is not durable, and is nothing that a connection could mean by chance", () => {
    expect(client(inMemory()).traits).toMatchObject({ durable: false, values: "encoded" });
    for (const connection of ["memory", "memory://", "in-memory"]) {
      expect(() => redis({ queue, connection })).toThrow(/connection must be/);
    }
  });

  it("runs a task with an id once, however many ask for it, and keeps its result", async () => {
    const connection = inMemory();
    await work(connection);
    const [journal, held] = [fleet.file(), fleet.file()];
    const entry = { journal, name: "it", until: held };
    const [one, other] = [client(connection), client(connection)];
    const first = one.run(tasks.work, entry, { id: "order" });
    await until(() => lines(journal).length === 1);
    const second = other.run(tasks.work, entry, { id: "order" });
    const found = other.job("order");
    expect(await found.state()).toBe("running");
    const result = found.result();
    expect(await outcome(other.run(tasks.echo, 1, { id: "order" }))).toBe("INVALID_OPTION");
    rmSync(held);
    expect(await Promise.all([first, second, result])).toEqual(["it", "it", "it"]);
    expect(await found.state()).toBe("completed");
    expect(await other.run(tasks.work, entry, { id: "order" })).toBe("it");
    expect(await other.send(tasks.work, entry, { id: "order" })).toMatchObject({ deduped: true });
    expect(lines(journal)).toHaveLength(2);
    expect(await other.job("none").state()).toBe("unknown");
  });

  it("is ended by the last who waits for it, and not by one who sent it and leaves it to others", async () => {
    const connection = inMemory();
    await work(connection);
    const [journal, held] = [fleet.file(), fleet.file()];
    const entry = { journal, name: "it", until: held };
    const [one, other] = [client(connection), client(connection)];
    const controller = new AbortController();
    const options = { id: "shared", signal: controller.signal };
    const first = outcome(one.run(tasks.work, entry, options));
    await until(() => one.stats().running === 1);
    const second = other.run(tasks.work, entry, { id: "shared" });
    await until(() => other.stats().running + other.stats().queued === 1);
    await other.job("shared").state(); // a question later, it has joined
    controller.abort("enough");
    expect(await first).toBe("enough");
    rmSync(held);
    expect(await second).toBe("it");
    const alone = new AbortController();
    const endless = { name: "alone", until: fleet.file() };
    const last = outcome(one.run(tasks.work, endless, { id: "alone", signal: alone.signal }));
    await until(() => one.stats().running === 1);
    alone.abort("no more");
    expect(await last).toBe("no more");
    expect(await outcome(one.job("alone").result())).toBe("no more");
  });

  it("tells all who wait for a task that it was cancelled by its id", async () => {
    const connection = inMemory();
    const [one, other] = [client(connection), client(connection)];
    const shared = [one, other].map((asker) => outcome(asker.run(tasks.echo, 1, { id: "shared" })));
    const { id } = await one.send(tasks.echo, 1);
    await until(() => other.stats().queued === 1);
    expect(await other.job("shared").cancel(new RangeError("from afar"))).toBe(true);
    for (const told of shared) expect(await told).toMatchObject({ message: "from afar" });
    expect(await other.job(id).cancel()).toBe(true);
    expect(await other.job(id).state()).toBe("unknown");
  });

  it("knows no dependsOn, and says so", async () => {
    const one = client(inMemory());
    expect(await outcome(one.run(tasks.echo, 1, { dependsOn: ["other"] }))).toBe("NOT_SUPPORTED");
  });

  it("keeps a result no longer than it is to", async () => {
    const connection = inMemory();
    await work(connection);
    const [one, journal] = [client(connection), fleet.file()];
    const run = (): Promise<unknown> =>
      one.run(tasks.work, { journal, name: "it" }, { id: "short", resultTtl: 1 });
    expect(await run()).toBe("it");
    await until(async () => (await one.job("short").state()) === "unknown");
    expect(await run()).toBe("it");
    expect(lines(journal)).toHaveLength(4);
  });

  it("delays, orders by priority, expires and retries", async () => {
    const connection = inMemory();
    const one = client(connection);
    const expired = outcome(one.run(tasks.echo, 1, { expires: 1 }));
    const journal = fleet.file();
    const runs = [
      one.run(tasks.work, { journal, name: "delayed" }, { delay: 40 }),
      one.run(tasks.work, { journal, name: "low" }),
      one.run(tasks.work, { journal, name: "high" }, { priority: 1 }),
    ];
    await new Promise((resolve) => setTimeout(resolve, 10)); // until it has expired
    await work(connection);
    await Promise.all(runs);
    expect(lines(journal).filter((line) => line.endsWith("ended"))).toEqual([
      "high ended",
      "low ended",
      "delayed ended",
    ]);
    expect(await expired).toBe("EXPIRED");
    const retry = { attempts: 3, delay: 1 };
    expect(await one.run(tasks.thrice, undefined, { retry })).toBe(3);
  });

  it("leaves what is sent for whoever serves it, and what fails among the dead", async () => {
    const connection = inMemory();
    const one = redis({ queue, connection });
    expect(await one.send(tasks.echo, 1, { id: "a" })).toEqual({ id: "a", deduped: false });
    const { id } = await one.send(tasks.thrice);
    expect(await one.job("a").state()).toBe("queued");
    await one.close();
    await work(connection);
    const later = client(connection);
    expect(await later.job("a").result()).toBe(1);
    const lost = await later.job(id).result().catch(String);
    expect(lost).toMatch(/^ResultLostError: .*dead letters.*attempt 1/);
    expect(await later.job(id).state()).toBe("dead");
  });

  it("runs what is sent again under the id of a dead letter of which nothing is kept", async () => {
    const connection = inMemory();
    const one = client(connection);
    const bare = new MemoryWorker(connection, { type: "dead", reason: "it is bad" });
    await bare.consume();
    bare.done();
    for (const id of ["run", "sent"]) {
      await one.send(tasks.echo, 1, { id });
      await until(async () => (await one.job(id).state()) === "dead");
    }
    await bare.link.close();
    await work(connection);
    expect(await one.run(tasks.echo, 2, { id: "run" })).toBe(2);
    expect(await one.send(tasks.echo, 3, { id: "sent" })).toMatchObject({ deduped: false });
    expect(await one.job("sent").result()).toBe(3);
  });

  it("repeats a task, and refuses cron", async () => {
    const connection = inMemory();
    await work(connection);
    const [one, journal] = [client(connection), fleet.file()];
    await one.repeat("tick", tasks.work, { journal, name: "tick" }, { every: 5 });
    await until(() => lines(journal).length >= 6);
    expect(await one.stopRepeating("tick")).toBe(true);
    expect(await one.stopRepeating("tick")).toBe(false);
    const cron = { cron: "* * * * *" };
    expect(await outcome(one.repeat("cron", tasks.echo, 1, cron))).toBe("NOT_SUPPORTED");
  });

  it("waits for a worker that knows the task", async () => {
    const connection = inMemory();
    const ignorant = await work(connection, { tasks: { echo: tasks.echo } });
    const one = client(connection);
    const result = one.run(tasks.big, 3);
    await until(() => ignorant.jobs > 0);
    await work(connection);
    expect(await result).toBe("xxx");
  });

  it("tells who has no workers", async () => {
    const one = redis({ queue, connection: inMemory(), noWorkersTimeout: 20 });
    expect(await outcome(one.run(tasks.echo, 1))).toBe("NO_WORKERS");
    await one.close();
  });
});

describe("a worker of a queue in memory", () => {
  it("hands back what runs when it is closed, and another one runs it", async () => {
    const connection = inMemory();
    const [journal, held] = [fleet.file(), fleet.file()];
    const first = await work(connection, { concurrency: 2, name: "first" });
    const one = client(connection);
    const names = ["a", "b", "c"];
    const runs = names.map((name) => one.run(tasks.work, { journal, name, until: held }));
    await until(() => lines(journal).length === 2);
    await work(connection, { concurrency: 2, name: "second" });
    await first.close({ cancel: true });
    rmSync(held);
    expect(await Promise.all(runs)).toEqual(names);
    expect(one.stats()).toMatchObject({ completed: 3, restarts: 0, workers: 1 });
  });

  it("hands back all times of a repeated task that run", async () => {
    const connection = inMemory();
    const [journal, held] = [fleet.file(), fleet.file()];
    const worker = await work(connection, { concurrency: 2 });
    const one = client(connection);
    await one.repeat("tick", tasks.work, { journal, name: "tick", until: held }, { every: 5 });
    await until(() => worker.running === 2);
    await one.stopRepeating("tick");
    const start = performance.now();
    await worker.close({ cancel: true });
    expect(worker.running).toBe(0);
    expect(performance.now() - start).toBeLessThan(4_000); // what nobody aborts is given up after 5,000
  });

  it("may tell nonsense, which spoils nothing of what it tells besides", async () => {
    const connection = inMemory();
    const bare = new MemoryWorker(connection);
    const asker = client(connection);
    await bare.consume();
    const run = asker.run(tasks.echo, 7);
    await until(() => bare.jobs.length === 1);
    const { to, items } = checkEnvelope(bare.jobs[0]?.data);
    const n = items[0]?.n;
    const nonsense = `null,7,"r",{},[],["r"],["r",-1,0,1],["x",${n}],["s"],["q",${n},{}]`;
    await bare.link.send(`${to}`, `[${nonsense},["r",${n},0,7]]`);
    expect(await run).toBe(7);
    bare.done();
    await bare.link.close();
  });

  it("that is closed over a task which does not end counts as lost: it runs again, and ends once", async () => {
    const connection = inMemory();
    const [one, two] = [new MemoryWorker(connection), new MemoryWorker(connection)];
    const asker = client(connection);
    await one.consume();
    const ended: unknown[] = [];
    const run = asker.run(tasks.echo, 7).finally(() => ended.push(1));
    await until(() => one.jobs.length === 1);
    await one.link.close();
    await two.consume();
    await until(() => two.jobs.length === 1);
    expect(two.jobs[0]).toMatchObject({ losses: 1, deliveries: 2, id: one.jobs[0]?.id });
    const { to, items } = checkEnvelope(two.jobs[0]?.data);
    const n = items[0]?.n;
    await expect(one.link.send(`${to}`, `[["r",${n},0,1]]`)).rejects.toThrow(/was closed/);
    one.done();
    await two.link.send(`${to}`, `[["r",${n},0,7]]`);
    expect(await run).toBe(7);
    two.done();
    await two.link.close();
    expect(ended).toHaveLength(1);
  });
});
