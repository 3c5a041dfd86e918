/** What goes over the ring and what goes beside it, seen from the scheduler. */
import { onTrace } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { echo, fakePool, quickWorker, rejection, turn } from "../../test/fake-transport.ts";
import { Order } from "../codec/protocol.ts";
import { ringSlots } from "../transport/ring-memory.ts";
import { Ring } from "../transport/ring.ts";

/** Marks a run's promise as one whose failure the test looks at later. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** Lets everything run that is due in this turn. */
async function microtasks(): Promise<void> {
  for (let n = 0; n < 20; n++) await Promise.resolve();
}

describe("an input", () => {
  it("that is plain goes in the ring, any other by message, each to its own run", async () => {
    const { pool, worker } = await quickWorker();
    const inputs = [1, { a: 1 }, "x".repeat(200), null, [2], "text", 3n, undefined, { b: 2 }];
    const results = Promise.all(inputs.map((input) => pool.run(echo, input)));
    await turn();
    expect(worker.orders(Order.input).map(([, , input]) => input)).toEqual([
      { a: 1 },
      "x".repeat(200),
      [2],
      3n,
      { b: 2 },
    ]);
    expect(worker.runAll()).toEqual(inputs);
    expect(await results).toEqual(inputs);
  });

  it("of a run that was taken back and given again in the same turn is sent once, for where it is now", async () => {
    const { pool, worker } = await quickWorker();
    const running = pool.run(echo, "running");
    await turn();
    const task = worker.start();
    const moving = pool.run(echo, { n: 1 });
    // Passes it: it is taken back, and comes after this one.
    const urgent = pool.run(echo, { n: 2 }, { priority: 1 });
    await turn();
    const tail = worker.ring.submitted;
    expect(worker.orders(Order.input).map(([, position, input]) => [position, input])).toEqual([
      [(tail - 2) | 0, { n: 2 }],
      [(tail - 1) | 0, { n: 1 }],
    ]);
    task?.done();
    expect(worker.runAll()).toEqual([{ n: 2 }, { n: 1 }]);
    await Promise.all([running, moving, urgent]);
  });

  it("of a run that was taken back later, and given again, is sent again, and the first passed over", async () => {
    const { pool, worker } = await quickWorker();
    void pool.run(echo, "running");
    const moving = pool.run(echo, { n: 1 });
    await turn();
    const task = worker.start();
    const urgent = pool.run(echo, { n: 2 }, { priority: 1 });
    await turn();
    expect(worker.orders(Order.input).map(([, , input]) => input)).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 1 },
    ]);
    task?.done();
    expect(worker.runAll()).toEqual([{ n: 2 }, { n: 1 }]);
    await Promise.all([moving, urgent]);
  });

  it("that cannot travel, in the middle of others, fails its run alone", async () => {
    const { pool, worker } = await quickWorker();
    const inputs = [{ n: 0 }, { f: () => 1 }, 2, { g: [() => 1] }, { n: 4 }];
    const settled = Promise.allSettled(inputs.map((input) => pool.run(echo, input)));
    await turn();
    expect(worker.runAll()).toEqual([{ n: 0 }, 2, { n: 4 }]);
    expect(await settled).toMatchObject([
      { value: { n: 0 } },
      { reason: { code: "NOT_CLONEABLE", path: "input.f" } },
      { value: 2 },
      { reason: { code: "NOT_CLONEABLE", path: "input.g[0]" } },
      { value: { n: 4 } },
    ]);
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0, completed: 4, failed: 2 });
  });

  it("that cannot travel makes room for the next run in the queue, whose input is there when it is seen", async () => {
    const { pool, transport } = fakePool({ workers: { min: 0, max: 1, idle: Infinity } });
    const bad = [1, 2, 3].map(() => quiet(pool.run(echo, () => 1)));
    const good = pool.run(echo, { fine: true });
    const worker = transport.worker(1);
    worker.up();
    worker.ring.submit = (end) => {
      // A worker that is awake looks at once, and must find the inputs of all it sees.
      const wakes = Ring.prototype.submit.call(worker.ring, end);
      worker.runAll();
      return wakes;
    };
    await turn();
    worker.runAll();
    expect(await good).toEqual({ fine: true });
    for (const result of bad) expect(await rejection(result)).toMatchObject({ path: "input" });
  });

  it("that moves is gone from the caller when it was sent, and stays there when its run was taken back before", async () => {
    const { pool, worker } = await quickWorker();
    const [kept, sent] = [new ArrayBuffer(8), new ArrayBuffer(8)];
    const controller = new AbortController();
    const aborted = pool.run(echo, kept, { transfer: [kept], signal: controller.signal });
    void quiet(aborted);
    controller.abort();
    void pool.run(echo, sent, { transfer: [sent] });
    await turn();
    worker.runAll();
    expect([kept.byteLength, sent.byteLength]).toEqual([8, 0]);
  });
});

describe("a worker that listens", () => {
  it("is woken once for all that one turn gives it, and not while it works", async () => {
    const { pool, worker } = await quickWorker();
    await turn();
    const before = worker.wakeUps;
    for (const n of [1, 2, 3]) void pool.run(echo, n);
    await turn();
    expect(worker.wakeUps - before).toBe(1);
    worker.start();
    void pool.run(echo, 4);
    await turn();
    expect(worker.wakeUps - before).toBe(1);
  });
});

describe("a ring full of runs that were taken back", () => {
  const abortMany = async (
    { pool }: Awaited<ReturnType<typeof quickWorker>>,
    count: number,
    input: unknown,
  ): Promise<void> => {
    const aborted: Promise<unknown>[] = [];
    for (let n = 0; n < count; n++) {
      const controller = new AbortController();
      aborted.push(pool.run(echo, input, { signal: controller.signal }));
      controller.abort("no");
    }
    for (const result of await Promise.allSettled(aborted))
      expect(result).toMatchObject({ reason: "no" });
  };

  it.each([
    ["plain", "plain"],
    ["by message", { by: "message" }],
  ])("keeps the order and the results of what comes then, %s", async (_, input) => {
    const fake = await quickWorker();
    const { pool, worker } = fake;
    await turn();
    await abortMany(fake, ringSlots + 100, input);
    const inputs = [input, "next", { n: 1 }, 4];
    const results = Promise.all(inputs.map((next) => pool.run(echo, next)));
    const ran: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      await turn();
      ran.push(...worker.runAll());
    }
    expect(ran).toEqual(inputs);
    expect(await results).toEqual(inputs);
  });

  it("behind a task that runs is no room, until that has ended", async () => {
    const fake = await quickWorker();
    const { pool, worker } = fake;
    const first = pool.run(echo, "first");
    await turn();
    const task = worker.start();
    await abortMany(fake, ringSlots + 100, { by: "message" });
    const next = pool.run(echo, { n: 1 });
    await turn();
    task?.done("done");
    expect(await first).toBe("done");
    for (let n = 0; n < 3; n++) {
      await turn();
      worker.runAll();
    }
    expect(await next).toEqual({ n: 1 });
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0 });
  });
});

describe("answers that nobody has read when their worker dies", () => {
  it("count, and only the run that was running is lost", async () => {
    const { pool, transport, worker } = await quickWorker();
    const inputs = [1, { n: 2 }, 3, "running", "waiting"];
    const results = inputs.map((input) => quiet(pool.run(echo, input)));
    await turn();
    worker.unread = true;
    for (let n = 0; n < 3; n++) {
      const task = worker.start();
      task?.done(task.input);
    }
    worker.start();
    worker.exit();
    const next = transport.worker(2);
    next.up();
    await turn();
    expect(next.runAll()).toEqual(["waiting"]);
    expect(await Promise.allSettled(results)).toMatchObject([
      { value: 1 },
      { value: { n: 2 } },
      { value: 3 },
      { reason: { code: "WORKER_LOST" } },
      { value: "waiting" },
    ]);
    expect(pool.stats()).toMatchObject({ restarts: 1, completed: 5, failed: 1, running: 0 });
  });

  it("count also behind one that was given up", async () => {
    const { pool, transport, worker } = await quickWorker();
    const results = [1, 2, 3].map((n) => quiet(pool.run(echo, n)));
    await turn();
    worker.unread = true;
    worker.start()?.done("one");
    worker.start()?.done("two");
    worker.exit();
    transport.worker(2).up();
    await turn();
    transport.worker(2).runAll();
    expect(await Promise.all(results)).toEqual(["one", "two", 3]);
    expect(pool.stats().restarts).toBe(1);
  });
});

describe("an answer", () => {
  it("by message, among answers in the ring, comes to its own run, in order", async () => {
    const { pool, worker } = await quickWorker();
    const settled: [number, unknown][] = [];
    const outputs = ["a", { b: 1 }, "c", new RangeError("d"), "e", [1], undefined];
    for (const n of outputs.keys())
      void pool.run(echo, n).then(
        (value) => settled.push([n, value]),
        (error: unknown) => settled.push([n, (error as Error).message]),
      );
    await turn();
    worker.unread = true;
    for (const output of outputs) {
      const task = worker.start();
      if (output instanceof Error) task?.fail(output);
      else task?.done(output);
    }
    worker.deliver();
    await turn();
    const expected = outputs.map((output, n) => [n, output instanceof Error ? "d" : output]);
    // An error takes a round more, on which its stack is joined.
    expect(settled.filter(([n]) => n !== 3)).toEqual(expected.filter(([n]) => n !== 3));
    expect(settled.find(([n]) => n === 3)).toEqual([3, "d"]);
  });

  it("in the ring waits for one by message that is still on its way", async () => {
    const { pool, worker } = await quickWorker();
    const order: unknown[] = [];
    for (const n of [1, 2, 3]) void pool.run(echo, n).then(() => order.push(n));
    await turn();
    worker.unread = true;
    worker.start()?.done({ by: "message" });
    worker.start()?.done("in the ring");
    worker.lookOnly(); // the bell comes before the message
    await turn();
    expect(order).toEqual([]);
    worker.deliver();
    await turn();
    expect(order).toEqual([1, 2]);
  });

  it("that is written while the bell is heard is read, though no message will come for it", async () => {
    const { pool, worker } = await quickWorker();
    const results = Promise.all([1, 2].map((n) => pool.run(echo, n)));
    await turn();
    worker.unread = true;
    worker.start()?.done(1);
    const second = worker.start();
    let written = 0;
    worker.ring.hear = (read, mark) => {
      if (written++ === 0) second?.done(2);
      return Ring.prototype.hear.call(worker.ring, read, mark);
    };
    worker.deliver();
    expect(await results).toEqual([1, 2]);
  });

  it("of more than one tick settles each run once, whatever callbacks do meanwhile", async () => {
    const { pool, worker } = await quickWorker();
    const controllers = Array.from({ length: 20 }, () => new AbortController());
    const results = controllers.map(({ signal }, n) => quiet(pool.run(echo, n, { signal })));
    const later: Promise<unknown>[] = [];
    await turn();
    worker.unread = true;
    for (let n = 0; n < 10; n++) worker.start()?.done(n);
    worker.start();
    // Whoever hears of the first end cancels one that has ended, one that runs, one that waits, and starts another.
    let heard = false;
    const stop = onTrace(({ type }) => {
      if (type !== "settled" || heard) return;
      heard = true;
      for (const n of [5, 10, 15]) controllers[n]?.abort("no");
      later.push(pool.run(echo, { new: true }));
    });
    try {
      worker.deliver();
    } finally {
      stop();
    }
    await turn();
    const outcome = await Promise.all(
      [0, 5, 9, 10, 15].map((n) =>
        (results[n] as Promise<unknown>).catch((reason: unknown) => reason),
      ),
    );
    expect(outcome).toEqual([0, "no", 9, "no", "no"]);
    expect(pool.stats()).toMatchObject({ running: 1 });
    expect(worker.orders(Order.cancel)).toHaveLength(2); // also the one whose end was not read yet
  });
});

describe("a run that is observed", () => {
  it("runs once its function is called, not when it is given to a worker or started there", async () => {
    const { pool, worker } = await quickWorker();
    const job = pool.submit(echo, 1);
    await turn();
    const position = (worker.ring.submitted - 1) | 0;
    worker.ring.start(position); // its code is being loaded
    worker.deliver();
    expect(job.state).toBe("queued");
    worker.ring.run(position);
    worker.deliver();
    expect(job.state).toBe("running");
  });

  it("does not run while the one before it does", async () => {
    const { pool, worker } = await quickWorker();
    const jobs = [1, 2].map((n) => pool.submit(echo, n));
    await turn();
    const task = worker.start();
    expect(jobs.map(({ state }) => state)).toEqual(["running", "queued"]);
    task?.done();
    expect(jobs.map(({ state }) => state)).toEqual(["completed", "queued"]);
    worker.start();
    expect(jobs[1]?.state).toBe("running");
  });

  it("counts its timeout from when its function is called", async () => {
    const { pool, worker, clock } = await quickWorker();
    const result = quiet(pool.run(echo, 1, { timeout: 100 }));
    await turn();
    await clock.advance(1_000);
    worker.start();
    await clock.advance(99);
    expect(worker.orders(Order.cancel)).toEqual([]);
    await clock.advance(1);
    expect(await rejection(result)).toMatchObject({ code: "TIMEOUT" });
    await microtasks();
    expect(worker.orders(Order.cancel)).toHaveLength(1);
  });
});
