import { describe, expect, it } from "vitest";
import {
  count,
  echo,
  type FakeLink,
  type FakePool,
  fakePool,
  quickWorker,
  rejection,
  turn,
} from "../../test/fake-transport.ts";
import { Order } from "../codec/protocol.ts";

/** Workers that are up and idle. */
async function upWorkers(
  size: number,
  options: Parameters<typeof fakePool>[0] = {},
): Promise<FakePool & { readonly workers: readonly FakeLink[] }> {
  const fake = fakePool({ workers: { min: size, max: size, idle: Infinity }, ...options });
  void fake.pool.ready();
  for (const link of fake.transport.links) link.up();
  await turn();
  return { ...fake, workers: fake.transport.links };
}

/** What each worker is given to run, one after the other, until nobody has anything more. */
async function drain(workers: readonly FakeLink[]): Promise<unknown[][]> {
  const ran: unknown[][] = workers.map(() => []);
  for (let busy = true; busy;) {
    busy = false;
    for (const [index, worker] of workers.entries()) {
      const inputs = worker.gone ? [] : worker.runAll();
      ran[index]?.push(...inputs);
      busy ||= inputs.length > 0;
    }
    await turn();
  }
  return ran;
}

const quiet = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => {});
  return promise;
};

describe("a key", () => {
  it("stays at its worker while that is busy and others are not", async () => {
    const { pool, workers } = await upWorkers(2);
    void pool.run(echo, "a1", { key: "a" });
    await turn();
    const home = workers.find((worker) => worker.ring.submitted !== worker.ring.completed);
    const other = workers.find((worker) => worker !== home);
    const first = home?.start();
    for (const n of [2, 3]) void pool.run(echo, `a${n}`, { key: "a" });
    const free = pool.run(echo, "free");
    await turn();
    expect(other?.runAll()).toEqual(["free"]);
    expect(await free).toBe("free");
    expect(pool.stats()).toMatchObject({ queued: 2, completed: 1 });
    first?.done();
    await turn();
    expect(await drain([home as FakeLink, other as FakeLink])).toEqual([["a2", "a3"], []]);
  });

  it("that is first in the queue and belongs elsewhere blocks nobody", async () => {
    const { pool, workers } = await upWorkers(2);
    const runs = ["a1", "a2", "a3", "b1"].map((name) => pool.run(echo, name, { key: name[0] }));
    void pool.run(echo, "free");
    await turn();
    const held = workers[0]?.start();
    const [own, others] = [held?.input === "a1" ? "a" : "b", held?.input === "a1" ? "b" : "a"];
    const ran = await drain([workers[1] as FakeLink]);
    expect(ran[0]).toContain("free");
    expect(ran[0]).toContain(`${others}1`);
    expect(ran[0]?.some((name) => String(name).startsWith(own))).toBe(false);
    held?.done(held.input);
    await turn();
    await drain(workers);
    expect(await Promise.all(runs)).toEqual(["a1", "a2", "a3", "b1"]);
  });

  it("goes to the worker with the fewest keys, and to one that starts before a busy one", async () => {
    const { pool, transport } = fakePool({ workers: { min: 0, max: 3, idle: Infinity } });
    const keys = ["a", "b", "c", "d", "e", "f"];
    const runs = keys.map((key) => pool.run(echo, key, { key }));
    expect(transport.links).toHaveLength(3);
    for (const link of transport.links) link.up();
    await turn();
    const ran = await drain(transport.links);
    expect(ran.map(({ length }) => length)).toEqual([2, 2, 2]);
    await Promise.all(runs);
    for (const key of keys) void pool.run(echo, key, { key });
    await turn();
    const again = await drain(transport.links);
    expect(again.map((inputs) => new Set(inputs))).toEqual(ran.map((inputs) => new Set(inputs)));
  });

  it("is not the same as text and as a number", async () => {
    const { pool, workers } = await upWorkers(2);
    void pool.run(echo, "text", { key: "1" });
    void pool.run(echo, "number", { key: 1 });
    await turn();
    expect(workers.flatMap((worker) => worker.start()?.input)).toHaveLength(2);
    expect(pool.stats().queued + pool.stats().running).toBe(2);
  });

  it("serves higher priorities first, also those of runs that were sent ahead", async () => {
    const { pool, worker } = await quickWorker();
    for (const n of [1, 2, 3]) void pool.run(echo, n, { key: "k" });
    await turn();
    const running = worker.start();
    void pool.run(echo, "urgent", { key: "k", priority: 1 });
    await turn();
    running?.done();
    expect(await drain([worker])).toEqual([["urgent", 2, 3]]);
  });

  it("lets what is more urgent and has none pass", async () => {
    const { pool, workers } = await upWorkers(1);
    const worker = workers[0] as FakeLink;
    void pool.run(echo, "k1", { key: "k" });
    await turn();
    const running = worker.start();
    void pool.run(echo, "k2", { key: "k" });
    void pool.run(echo, "free");
    void pool.run(echo, "k3", { key: "k" });
    void pool.run(echo, "urgent", { priority: 1 });
    running?.done("", 10_000);
    await turn();
    expect(await drain([worker])).toEqual([["urgent", "k2", "free", "k3"]]);
  });

  it("streams, and gives its credits to the right worker", async () => {
    const { pool, workers } = await upWorkers(2);
    void pool.run(echo, "k", { key: "k" });
    const stream = pool.stream(count, "last", { key: "k", window: 1 });
    const first = stream.next();
    await turn();
    await drain([workers[0] as FakeLink]);
    await drain([workers[1] as FakeLink]);
    await turn();
    expect(await first).toMatchObject({ done: true, value: "last" });
  });
});

describe("a run in the line of a worker", () => {
  it("is counted as queued, leaves when it is aborted, and is told when it is closed", async () => {
    const { pool, workers, clock } = await upWorkers(2);
    void quiet(pool.run(echo, 0, { key: "k" }));
    await turn();
    const controller = new AbortController();
    const aborted = pool.run(echo, 1, { key: "k", signal: controller.signal });
    const late = pool.run(echo, 2, { key: "k", deadline: clock.date() + 50 });
    const closed = pool.run(echo, 3, { key: "k" });
    await turn();
    expect(pool.stats().queued + pool.stats().running).toBe(4);
    controller.abort("enough");
    expect(await rejection(aborted)).toBe("enough");
    const rejectedLate = rejection(late);
    await clock.advance(50);
    expect(await rejectedLate).toMatchObject({ code: "TIMEOUT" });
    expect(pool.stats()).toMatchObject({ cancelled: 2 });
    const refused = rejection(closed);
    void quiet(pool.close({ cancel: true }));
    expect(await refused).toMatchObject({ code: "CLOSED" });
    await clock.advance(10_000);
    expect(workers.every(({ gone }) => gone)).toBe(true);
  });

  it("counts against the queue's bound", async () => {
    const { pool } = await upWorkers(2, { maxQueue: 1 });
    void pool.run(echo, 0, { key: "k" });
    void pool.run(echo, 1, { key: "k" });
    void pool.run(echo, 2, { key: "k" });
    expect(await rejection(pool.run(echo, 3, { key: "k" }))).toMatchObject({ code: "QUEUE_FULL" });
  });

  it("is finished before its pool is closed", async () => {
    const { pool, workers } = await upWorkers(2);
    const runs = [1, 2, 3].map((n) => pool.run(echo, n, { key: "k" }));
    await turn();
    const closed = pool.close();
    await drain(workers);
    expect(await Promise.all(runs)).toEqual([1, 2, 3]);
    await closed;
  });

  it("keeps its worker from being let go", async () => {
    const { pool, transport, clock } = fakePool({ workers: { min: 0, max: 2, idle: 100 } });
    void pool.run(echo, 1, { key: "k" });
    transport.worker(1).up();
    await turn();
    const task = transport.worker(1).start();
    void pool.run(echo, 2, { key: "k" });
    await clock.advance(1_000);
    task?.done();
    await turn();
    await clock.advance(99);
    expect(await drain([transport.worker(1)])).toEqual([[2]]);
    await clock.advance(100);
    expect(transport.worker(1).dismissed).toBe(true);
    void pool.run(echo, 3, { key: "k" });
    transport.worker(2).up();
    await turn();
    expect(transport.worker(2).runAll()).toEqual([3]);
  });

  it("is told when no worker starts", async () => {
    const { pool, transport } = fakePool({ workers: { min: 0, max: 2, idle: 100 } });
    const runs = ["a", "b", "c"].map((key) => rejection(pool.run(echo, key, { key })));
    for (let n = 0; n < 3; n++) {
      transport.alive[0]?.exit();
      await turn();
    }
    expect(await Promise.all(runs)).toMatchObject(
      runs.map(() => ({ code: "WORKER_START_FAILED" })),
    );
    expect(pool.stats()).toMatchObject({ queued: 0, failed: 3 });
  });
});

describe("when its worker goes", () => {
  it("a key moves, with the one that ran first and those that wait in order", async () => {
    const { pool, workers } = await upWorkers(2);
    const runs = [1, 2, 3, 4].map((n) => pool.run(echo, n, { key: "k", retries: 1 }));
    await turn();
    const home = workers.find((worker) => worker.start()?.input === 1);
    const other = workers.find((worker) => worker !== home) as FakeLink;
    void pool.run(echo, 5, { key: "k" });
    home?.exit();
    await turn();
    expect((await drain([other]))[0]).toEqual([1, 2, 3, 4, 5]);
    expect(await Promise.all(runs)).toEqual([1, 2, 3, 4]);
  });

  it("nobody who hears of it can get one in between", async () => {
    const { pool, workers } = await upWorkers(2, { maxQueue: 2 });
    const lost = rejection(pool.run(echo, 1, { key: "k" }));
    await turn();
    const home = workers.find((worker) => worker.start()) as FakeLink;
    const jobs = [2, 3, 4, 5, 6, 7].map((n) => pool.submit(echo, n, { key: "k" }));
    home.exit();
    expect(await lost).toMatchObject({ code: "WORKER_LOST" });
    const other = workers.find((worker) => worker !== home) as FakeLink;
    expect((await drain([other]))[0]).toEqual([2, 3, 4, 5, 6, 7]);
    await Promise.all(jobs.map(({ result }) => result));
  });

  it("a key does not move before a killed one has ended", async () => {
    const { pool, workers, clock } = await upWorkers(2, { grace: 100 });
    const controller = new AbortController();
    const deaf = rejection(pool.run(echo, "deaf", { key: "k", signal: controller.signal }));
    await turn();
    const home = workers.find((worker) => worker.start()) as FakeLink;
    home.stubborn = true;
    const next = pool.run(echo, "next", { key: "k" });
    controller.abort("stop");
    expect(await deaf).toBe("stop");
    await clock.advance(100);
    expect(home.killed).toBe(true);
    const other = workers.find((worker) => worker !== home) as FakeLink;
    expect(other.start()).toBeUndefined();
    home.exit();
    await turn();
    expect(other.runAll()).toEqual(["next"]);
    expect(await next).toBe("next");
  });

  it("because it had its share of tasks, what waits for it goes to the next", async () => {
    const { pool, transport } = fakePool({
      workers: { min: 1, max: 1, idle: Infinity },
      tasksPerWorker: 2,
    });
    const runs = [1, 2, 3, 4, 5].map((n) => pool.run(echo, n, { key: "k" }));
    const ran: unknown[] = [];
    for (let n = 1; n <= 3; n++) {
      transport.worker(n).up();
      await turn();
      ran.push(...((await drain([transport.worker(n)]))[0] as unknown[]));
      expect(transport.worker(n).gone).toBe(n < 3);
    }
    expect(ran).toEqual([1, 2, 3, 4, 5]);
    await Promise.all(runs);
  });
});

it("takes nothing that has a key from a busy worker for an idle one", async () => {
  const { pool, transport, worker } = await quickWorker({
    workers: { min: 0, max: 2, idle: Infinity },
  });
  for (const n of [0, 1, 2]) void pool.run(echo, n, { key: "k" });
  await turn();
  worker.start();
  void pool.run(echo, 3, { transfer: [new ArrayBuffer(1)] });
  await turn();
  const other = transport.worker(2);
  other.up();
  await turn();
  expect(await drain([other])).toEqual([[3]]);
  expect(worker.orders(Order.cancel)).toEqual([]);
});
