import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { echo, type FakeLink, fakePool, rejection, turn } from "../../test/fake-transport.ts";

function poolOf(size: number, options: Parameters<typeof fakePool>[0] = {}) {
  const fake = fakePool({ workers: { min: size, max: size, idle: Infinity }, ...options });
  const up = async (): Promise<readonly FakeLink[]> => {
    void fake.pool.ready();
    for (const link of fake.transport.links) link.up();
    await turn();
    return fake.transport.links;
  };
  return { ...fake, up };
}

describe("a broadcast", () => {
  it("runs once on every worker, and gives the outputs in the order they were started", async () => {
    const { pool, up } = poolOf(3);
    const workers = await up();
    const outputs = pool.broadcast(echo, { config: 1 });
    await turn();
    const tasks = workers.map((worker) => worker.start());
    expect(tasks.map((task) => task?.input)).toEqual([{ config: 1 }, { config: 1 }, { config: 1 }]);
    expect(new Set(tasks.map((task) => task?.input)).size).toBe(3);
    for (const index of [2, 0, 1]) tasks[index]?.done(index);
    expect(await outputs).toEqual([0, 1, 2]);
    expect(workers.flatMap((worker) => worker.runAll())).toEqual([]);
    expect(pool.stats()).toMatchObject({ completed: 3, queued: 0, running: 0 });
  });

  it("waits for the first worker where none is up, and leaves out those that start later", async () => {
    const { pool, transport } = fakePool({ workers: { min: 0, max: 2, idle: Infinity } });
    const outputs = pool.broadcast(echo, 1);
    await turn();
    expect(transport.links).toHaveLength(1);
    transport.worker(1).up();
    await turn();
    transport.worker(1).runAll();
    expect(await outputs).toEqual([1]);
  });

  it("waits its turn at each worker, and holds up nobody else", async () => {
    const { pool, up } = poolOf(2);
    const [busy, free] = (await up()) as [FakeLink, FakeLink];
    void pool.run(echo, "long");
    await turn();
    const long = [busy, free].map((worker) => worker.start());
    const outputs = pool.broadcast(echo, "all");
    const after = pool.run(echo, "after");
    await turn();
    const other = long[0] ? free : busy;
    expect(other.runAll()).toEqual(["all"]);
    await turn();
    expect(other.runAll()).toEqual(["after"]);
    await after;
    for (const task of long) task?.done();
    await turn();
    expect([busy, free].flatMap((worker) => worker.runAll())).toEqual(["all"]);
    expect(await outputs).toEqual(["all", "all"]);
  });

  it("rejects with the first error, when all have ended", async () => {
    const { pool, up } = poolOf(2);
    const [first, second] = (await up()) as [FakeLink, FakeLink];
    let settled = false;
    const failed = rejection(pool.broadcast(echo, 1)).finally(() => (settled = true));
    await turn();
    const [one, two] = [first.start(), second.start()];
    two?.fail(new RangeError("second"));
    await turn();
    expect(settled).toBe(false);
    one?.fail(new TypeError("first"));
    expect(await failed).toMatchObject({ name: "RangeError", message: "second" });
  });

  it("rejects with WORKER_LOST when a worker dies of it, and is not run on another instead", async () => {
    const { pool, transport, up } = poolOf(2);
    const [first, second] = (await up()) as [FakeLink, FakeLink];
    const failed = rejection(pool.broadcast(echo, 1));
    await turn();
    first.start();
    first.exit();
    await turn();
    expect(second.runAll()).toEqual([1]);
    expect(await failed).toMatchObject({ code: "WORKER_LOST" });
    for (const link of transport.alive) expect(link.runAll()).toEqual([]);
  });

  it("leaves out a worker that dies before the task has started there", async () => {
    const { pool, up } = poolOf(2);
    const workers = await up();
    void rejection(pool.run(echo, "other"));
    await turn();
    const busy = workers.find((worker) => worker.start()) as FakeLink;
    const other = workers.find((worker) => worker !== busy) as FakeLink;
    const outputs = pool.broadcast(echo, "all");
    await turn();
    expect(other.runAll()).toEqual(["all"]);
    busy.exit();
    expect(await outputs).toEqual(["all"]);
    expect(pool.stats()).toMatchObject({ completed: 1, failed: 1, cancelled: 1, running: 0 });
  });

  it("leaves out a worker that has had its share of tasks before it", async () => {
    const { pool, up } = poolOf(1, { tasksPerWorker: 1 });
    const [worker] = (await up()) as [FakeLink];
    void pool.run(echo, "other");
    await turn();
    const outputs = pool.broadcast(echo, "all");
    await turn();
    expect(worker.runAll()).toEqual(["other"]);
    expect(await outputs).toEqual([]);
    expect(pool.stats()).toMatchObject({ completed: 1, queued: 0, cancelled: 1 });
  });

  it("is cancelled on all workers by its signal, and leaves no listener", async () => {
    const { pool, up } = poolOf(2);
    const [first] = (await up()) as [FakeLink];
    const controller = new AbortController();
    const aborted = rejection(pool.broadcast(echo, 1, { signal: controller.signal }));
    await turn();
    const task = first.start();
    controller.abort("enough");
    expect(await aborted).toBe("enough");
    task?.yieldToCancel();
    await turn();
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0, cancelled: 2 });
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    const { signal } = controller;
    expect(await rejection(pool.broadcast(echo, 1, { signal }))).toBe("enough");
  });

  it("is cancelled while it waits for a worker", async () => {
    const { pool } = poolOf(2);
    const controller = new AbortController();
    const aborted = rejection(pool.broadcast(echo, 1, { signal: controller.signal }));
    controller.abort("enough");
    expect(await aborted).toBe("enough");
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("bounds the running time on each worker", async () => {
    const { pool, up, clock } = poolOf(2, { grace: 100 });
    const [first, second] = (await up()) as [FakeLink, FakeLink];
    const late = rejection(pool.broadcast(echo, 1, { timeout: 50 }));
    await turn();
    first.start();
    second.start()?.done();
    await clock.advance(50);
    expect(await late).toMatchObject({ code: "TIMEOUT" });
    await clock.advance(100);
    expect(first.killed).toBe(true);
    expect(second.killed).toBe(false);
  });

  it("waits for room in a full queue", async () => {
    const { pool, up } = poolOf(2, { maxQueue: 0 });
    const workers = await up();
    void pool.run(echo, "busy");
    const outputs = pool.broadcast(echo, "all");
    const ran: unknown[] = [];
    for (let n = 0; n < 4; n++) {
      await turn();
      ran.push(...workers.flatMap((worker) => worker.runAll()));
    }
    expect(await outputs).toEqual(["all", "all"]);
    expect(ran.map(String).toSorted()).toEqual(["all", "all", "busy"]);
  });

  it("refuses what it cannot do", async () => {
    const { pool, up } = poolOf(1);
    await up();
    const options = { transfer: [new ArrayBuffer(1)] } as object;
    expect(await rejection(pool.broadcast(echo, 1, options))).toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("transfer") as string,
    });
    const plain = ((n: number) => n) as never;
    expect(await rejection(pool.broadcast(plain, 1))).toMatchObject({ code: "NOT_SUPPORTED" });
    void pool.close();
    expect(await rejection(pool.broadcast(echo, 1))).toMatchObject({ code: "CLOSED" });
  });
});
