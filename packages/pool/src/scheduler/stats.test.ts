/** What a pool tells of its tasks: their list, and how long they waited and ran. */
import { RunBatch } from "@quintet/core/kit";
import { describe, expect, it, vi } from "vitest";
import { echo, fakePool, quickWorker, turn } from "../../test/fake-transport.ts";

describe("the list of live tasks", () => {
  it("names the worker of what runs, and has what was sent ahead in the order of the queue", async () => {
    const { pool, worker, clock } = await quickWorker();
    await clock.advance(100);
    const jobs = [1, 2, 3].map((n) => pool.submit(echo, n));
    await turn();
    const task = worker.start();
    await clock.advance(1);
    const urgent = pool.submit(echo, 4, { priority: 1 });
    expect(pool.tasks().map(({ id, state, worker: label }) => [id, state, label])).toEqual([
      [jobs[0]!.id, "running", "fake 1"],
      [urgent.id, "queued", undefined],
      [jobs[1]!.id, "queued", undefined],
      [jobs[2]!.id, "queued", undefined],
    ]);
    expect(pool.tasks().map(({ since }) => since.getTime())).toEqual([100, 101, 100, 100]);
    task?.done();
    await turn();
    worker.runAll();
    await Promise.all([...jobs, urgent].map(({ result }) => result));
    expect(pool.tasks()).toEqual([]);
  });

  it("has the runs of a map, in the queue and at a worker, and leaves them in their batches", async () => {
    const { pool, worker } = await quickWorker();
    const blocking = pool.run(echo, "blocks");
    await turn();
    const task = worker.start();
    const count = 1_000;
    const inputs = Array.from({ length: count }, (_, n) => n);
    const results = pool.map(echo, inputs, { concurrency: count }).toArray();
    await turn();
    using promote = vi.spyOn(RunBatch.prototype, "promote");
    const entries = pool.tasks();
    expect(promote).not.toHaveBeenCalled();
    expect(entries).toHaveLength(count + 1);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(count + 1);
    const numbers = entries.slice(1).map(({ id }) => Number(id.split("#")[1]));
    expect(numbers).toEqual(inputs.map((n) => numbers[0]! + n));
    expect(entries.slice(1).every(({ state }) => state === "queued")).toBe(true);
    expect(pool.tasks()).toEqual(entries);
    const { queued, running } = pool.stats();
    expect([queued, running]).toEqual([count, 1]);
    task?.done();
    while (pool.tasks().length > 0) {
      await turn();
      worker.runAll();
    }
    expect(await results).toEqual(inputs);
    await blocking;
  });

  it("has a cancelled task until its worker is gone", async () => {
    const { pool, worker, clock } = await quickWorker();
    const job = pool.submit(echo, "stuck");
    job.result.catch(() => {});
    await turn();
    worker.start();
    job.cancel();
    await clock.advance(999);
    const due = { id: job.id, state: "running", cancelled: true, worker: "fake 1" };
    expect(pool.tasks()).toMatchObject([due]);
    await clock.advance(1);
    await turn();
    expect(worker.killed).toBe(true);
    expect(pool.tasks()).toEqual([]);
  });
});

describe("the statistics", () => {
  it("take the running time from the worker, and the wait from the clock of the pool", async () => {
    const { pool, transport, clock } = fakePool({ workers: { min: 0, max: 1, idle: Infinity } });
    const results = Promise.all([1, 2].map((n) => pool.run(echo, n)));
    const worker = transport.worker(1);
    await clock.advance(50);
    worker.up();
    await turn();
    const first = worker.start();
    await clock.advance(30);
    first?.done(1, 30);
    await turn();
    worker.start()?.done(2, 10);
    await results;
    const { wait, run } = pool.stats();
    expect(wait).toMatchObject({ count: 2, max: 80, mean: 65 });
    expect(run).toMatchObject({ count: 2, max: 30, mean: 20 });
  });

  it("tell the waits apart of a batch whose answers come together, however late they are read", async () => {
    const { pool, worker, clock } = await quickWorker();
    const before = pool.stats();
    const results = pool.map(echo, [1, 2, 3, 4], { concurrency: 4 }).toArray();
    await turn();
    worker.unread = true;
    for (let task = worker.start(); task; task = worker.start()) task.done(0, 100);
    await clock.advance(5_000);
    worker.deliver();
    await results;
    const { wait, run } = pool.stats();
    expect(wait).toMatchObject({ count: before.wait.count + 4, max: 300 });
    expect(run).toMatchObject({ count: before.run.count + 4, max: 100 });
  });

  it("measure here what a lost worker cannot tell", async () => {
    const { pool, worker, clock } = await quickWorker();
    const { run: before } = pool.stats();
    const lost = pool.run(echo, 1);
    lost.catch(() => {});
    await turn();
    worker.start();
    await clock.advance(70);
    worker.exit();
    await turn();
    expect(pool.stats().run).toMatchObject({ count: before.count + 1, max: 70 });
  });
});
