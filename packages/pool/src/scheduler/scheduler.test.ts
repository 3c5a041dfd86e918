import { getEventListeners } from "node:events";
import { inline, isQuintetError, onTrace } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { count, echo, fakePool, quickWorker, rejection, turn } from "../../test/fake-transport.ts";
import { Order } from "../codec/protocol.ts";
import { ringSlots } from "../transport/ring-memory.ts";

/** Marks a run's promise as one whose failure the test looks at later. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

describe("the order", () => {
  it("is first come, first served, also of what is sent ahead", async () => {
    const { pool, worker } = await quickWorker();
    const results = Promise.all([1, 2, 3, 4, 5].map((n) => pool.run(echo, n)));
    await turn();
    expect(worker.runAll()).toEqual([1, 2, 3, 4, 5]);
    expect(await results).toEqual([1, 2, 3, 4, 5]);
  });

  it("puts a higher priority before lower ones that were sent ahead already", async () => {
    const { pool, worker } = await quickWorker();
    for (const n of [1, 2, 3]) void pool.run(echo, n);
    await turn();
    const running = worker.start();
    void pool.run(echo, "urgent", { priority: 1 });
    await turn();
    running?.done();
    expect(worker.runAll()).toEqual(["urgent", 2, 3]);
  });

  it("is kept among runs that several workers give back at once", async () => {
    const { pool, transport } = fakePool({ workers: { min: 0, max: 3, idle: Infinity } });
    for (const n of [-3, -2, -1]) void pool.run(echo, n);
    for (const worker of transport.links) worker.up();
    await turn();
    for (const worker of transport.links) worker.runAll();
    // Each of the three gets one and is sent others ahead.
    for (let n = 0; n < 12; n++) void pool.run(echo, n);
    await turn();
    const running = transport.links.map((worker) => worker.start());
    void pool.run(echo, "urgent", { priority: 1 });
    await turn();
    const started: unknown[] = [];
    while (running.some(Boolean)) {
      for (const [index, task] of running.entries()) {
        task?.done();
        await turn();
        const next = transport.links[index]?.start();
        running[index] = next;
        if (next) started.push(next.input);
      }
    }
    expect(started).toEqual(["urgent", 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it("gives a worker a second task while tasks are long, and no third", async () => {
    const { pool, worker } = await quickWorker();
    void pool.run(echo, 1);
    await turn();
    worker.start()?.done(1, 10_000);
    for (const n of [2, 3, 4]) void pool.run(echo, n);
    await turn();
    expect(worker.runAll()).toEqual([2, 3]);
  });

  it("gives a worker one task while nothing is known of their length", async () => {
    const { pool, transport } = fakePool({ workers: { min: 0, max: 1, idle: 10_000 } });
    for (const n of [1, 2]) void pool.run(echo, n);
    transport.worker(1).up();
    await turn();
    expect(transport.worker(1).runAll()).toEqual([1]);
  });

  it("gives what is quick to the worker that has just been given some, and lets the other sleep", async () => {
    const { pool, transport } = fakePool();
    const [one, other] = [pool.run(echo, "a"), pool.run(echo, "b")];
    for (const index of [1, 2]) transport.worker(index).up();
    await turn();
    for (const worker of transport.links) worker.start()?.done(0, 0.000_5);
    await Promise.all([one, other]);
    for (let n = 0; n < 40; n++) void pool.run(echo, n);
    await turn();
    expect(new Set(transport.links.map((worker) => worker.runAll().length))).toEqual(
      new Set([0, 40]),
    );
  });

  it("gives another task to a worker that sleeps, however quick those before were", async () => {
    const { pool, transport } = fakePool();
    const [one, two] = [pool.run(echo, "a"), pool.run(echo, "b")];
    for (const index of [1, 2]) transport.worker(index).up();
    await turn();
    for (const worker of transport.links) worker.start()?.done(0, 0.000_5);
    await Promise.all([one, two]);
    const other = inline((input: unknown): unknown => [input]);
    void pool.run(echo, 1);
    void pool.run(other, 2);
    await turn();
    expect(new Set(transport.links.map((worker) => worker.start()?.input))).toEqual(
      new Set([1, 2]),
    );
  });
});

describe("a long task", () => {
  it("holds back nothing that an idle worker could run", async () => {
    const { pool, transport, worker, clock } = await quickWorker({
      workers: { min: 0, max: 2, idle: Infinity },
    });
    for (const n of [1, 2, 3]) void pool.run(echo, n);
    await turn();
    const long = worker.start();
    expect(long?.input).toBe(1); // and it does not end
    void pool.ready();
    const other = quiet(pool.run(echo, 4, { transfer: [new ArrayBuffer(1)] })); // is not sent ahead
    await turn();
    transport.worker(2).up();
    await clock.advance(5);
    const ran: unknown[] = [];
    for (let task = transport.worker(2).start(); task; task = transport.worker(2).start()) {
      ran.push(task.input);
      task.done();
      await turn();
    }
    expect(new Set(ran)).toEqual(new Set([2, 3, 4]));
    long?.done();
    expect(worker.start()).toBeUndefined();
    await other;
  });

  it.each([
    ["gives up at once", "takes longer than to move it", 0.5, 1],
    ["keeps at first", "is done sooner than moved", 0.1, undefined],
  ])("%s what %s, when another worker has nothing to do", async (_does, _what, duration, moved) => {
    const { pool, transport, worker } = await quickWorker({
      workers: { min: 0, max: 2, idle: Infinity },
    });
    const measured = pool.run(echo, "measured");
    await turn();
    worker.start()?.done("measured", duration);
    await measured;
    for (const n of [0, 1, 2, 3]) void pool.run(echo, n);
    await turn();
    expect(worker.start()?.input).toBe(0); // and it does not end
    void pool.ready();
    const last = pool.run(echo, 4, { transfer: [new ArrayBuffer(1)] }); // is not sent ahead
    const other = transport.worker(2);
    other.up();
    await turn();
    other.start()?.done();
    await last;
    await turn();
    expect(other.start()?.input).toBe(moved);
  });

  it("lets nothing pass what was sent after it, when another worker has nothing to do", async () => {
    const { pool, transport, worker } = await quickWorker({
      workers: { min: 0, max: 2, idle: Infinity },
    });
    const measured = pool.run(echo, "measured");
    await turn();
    worker.start()?.done("measured", 20);
    await measured;
    for (const n of [0, 1, 2, 3]) void pool.run(echo, n);
    await turn();
    expect(worker.start()?.input).toBe(0); // and it does not end
    const other = transport.worker(2);
    other.up();
    await turn();
    for (const n of [1, 2, 3]) {
      expect(other.runAll()).toEqual([n]);
      await turn();
    }
  });

  it("makes a new worker start for what was sent after it, even when nothing else happens", async () => {
    const { pool, transport, worker, clock } = await quickWorker({
      workers: { min: 0, max: 2, idle: Infinity },
    });
    const results = [1, 2, 3].map((n) => pool.run(echo, n));
    await turn();
    worker.start(); // and it does not end
    expect(transport.links).toHaveLength(1);
    await clock.advance(10);
    expect(transport.links).toHaveLength(2);
    transport.worker(2).up();
    await turn();
    transport.worker(2).runAll();
    await turn();
    transport.worker(2).runAll();
    expect(await Promise.all(results.slice(1))).toEqual([2, 3]);
  });
});

describe("an abort", () => {
  it("before the start takes the run back unsent, and the worker goes on", async () => {
    const { pool, worker } = await quickWorker();
    const controller = new AbortController();
    const aborted = quiet(pool.run(echo, 1, { signal: controller.signal }));
    controller.abort("no");
    const next = pool.run(echo, 2);
    await turn();
    expect(await rejection(aborted)).toBe("no");
    expect(worker.runAll()).toEqual([2]);
    expect(await next).toBe(2);
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0, cancelled: 1, completed: 2 });
  });

  it("of one run of a batch leaves the others", async () => {
    const { pool, worker } = await quickWorker();
    const controllers = [1, 2, 3].map(() => new AbortController());
    const results = controllers.map(({ signal }, n) => quiet(pool.run(echo, n, { signal })));
    await turn();
    controllers[1]?.abort("no");
    expect(worker.runAll()).toEqual([0, 2]);
    expect(await Promise.allSettled(results)).toMatchObject([
      { value: 0 },
      { reason: "no" },
      { value: 2 },
    ]);
  });

  it("of 500 runs at once that share a signal takes every slot back", async () => {
    const { pool, worker } = await quickWorker();
    const controller = new AbortController();
    const { signal } = controller;
    const results = Array.from({ length: 500 }, (_, n) => pool.run(echo, n, { signal }));
    const settled = Promise.allSettled(results);
    controller.abort("all");
    expect(
      new Set((await settled).map((result) => (result as PromiseRejectedResult).reason)),
    ).toEqual(new Set(["all"]));
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0, cancelled: 500 });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    const next = pool.run(echo, "next");
    await turn();
    expect(worker.runAll()).toEqual(["next"]);
    expect(await next).toBe("next");
  });

  it("of run after run, faster than the worker looks at its ring, never runs out of slots", async () => {
    const { pool, worker } = await quickWorker();
    for (let n = 0; n < 200; n++) {
      const controller = new AbortController();
      const aborted = quiet(pool.run(echo, { n }, { signal: controller.signal }));
      await Promise.resolve();
      await Promise.resolve();
      controller.abort("no");
      expect(await rejection(aborted)).toBe("no");
    }
    const next = pool.run(echo, "next");
    await turn();
    expect(worker.runAll()).toEqual(["next"]);
    expect(await next).toBe("next");
  });

  it("in the moment of the start counts as an abort of a running task", async () => {
    const { pool, worker } = await quickWorker();
    const controller = new AbortController();
    // A timeout makes the worker tell when it starts; here the abort comes before that is read.
    const aborted = quiet(pool.run(echo, 1, { signal: controller.signal }));
    await turn();
    const task = worker.start();
    controller.abort("no");
    await turn();
    expect(await rejection(aborted)).toBe("no");
    expect(worker.orders(Order.cancel)).toHaveLength(1);
    expect(worker.ring.isCancelled(task?.position as number)).toBe(true);
    expect(pool.stats()).toMatchObject({ running: 1, cancelled: 0 });
    task?.yieldToCancel();
    expect(pool.stats()).toMatchObject({ running: 0, cancelled: 1, restarts: 0 });
  });

  it("of a task that ends within the grace period keeps the worker", async () => {
    const { pool, worker, clock } = await quickWorker();
    const controller = new AbortController();
    const aborted = quiet(pool.run(echo, 1, { signal: controller.signal }));
    await turn();
    const task = worker.start();
    controller.abort("no");
    expect(await rejection(aborted)).toBe("no");
    await clock.advance(999);
    task?.done();
    await clock.advance(10_000 - 1);
    expect(worker.killed).toBe(false);
  });

  it("of a task that does not end kills its worker after the grace period, and takes no neighbour", async () => {
    const { pool, transport, worker, clock } = await quickWorker();
    const controller = new AbortController();
    const aborted = quiet(pool.run(echo, 1, { signal: controller.signal }));
    const neighbours = [pool.run(echo, 2), pool.run(echo, 3)];
    await turn();
    worker.start();
    controller.abort("no");
    expect(await rejection(aborted)).toBe("no");
    await clock.advance(1_000);
    expect(worker.killed).toBe(true);
    expect(pool.stats()).toMatchObject({ queued: 2, running: 0, cancelled: 1, restarts: 1 });
    transport.worker(2).up();
    for (let n = 0; n < 2; n++) {
      await turn();
      transport.worker(2).runAll();
    }
    expect(await Promise.all(neighbours)).toEqual([2, 3]);
  });

  it("does not kill a worker that has gone on to a neighbour when the grace period ends", async () => {
    const { pool, worker, clock } = await quickWorker();
    const controller = new AbortController();
    const aborted = quiet(pool.run(echo, 1, { signal: controller.signal }));
    const neighbour = pool.run(echo, 2);
    await turn();
    const first = worker.start();
    controller.abort("no");
    expect(await rejection(aborted)).toBe("no");
    // The first has ended there and the second has started; the report of that is still on its way.
    worker.unread = true;
    first?.yieldToCancel();
    const second = worker.start();
    await clock.advance(1_000);
    expect(worker.killed).toBe(false);
    worker.deliver();
    second?.done("fine");
    expect(await neighbour).toBe("fine");
    expect(pool.stats()).toMatchObject({ restarts: 0, running: 0, queued: 0 });
  });

  it("from a listener that hears of the start of that very run is one abort, with one grace period", async () => {
    const { pool, worker, clock } = await quickWorker();
    const types: string[] = [];
    const job = pool.submit(echo, 1);
    const stop = onTrace(({ type, job: id }) => {
      if (id !== job.id) return;
      types.push(type);
      if (type === "started") job.cancel("inner");
    });
    try {
      void quiet(job.result);
      await turn();
      const task = worker.start();
      expect(await rejection(job.result)).toBe("inner");
      task?.yieldToCancel();
      expect(types).toEqual(["started", "aborted", "settled"]);
    } finally {
      stop();
    }
    await clock.advance(5_000);
    expect(worker.killed).toBe(false);
    const next = pool.run(echo, 2);
    await turn();
    worker.runAll();
    expect(await next).toBe(2);
  });

  it("that races with the start, from outside and from a listener, leaves no timer behind", async () => {
    const { pool, worker, clock } = await quickWorker();
    const job = pool.submit(echo, 1);
    void quiet(job.result);
    await turn();
    // Started in the ring, not yet told: it tells when its code is loaded and its function called.
    worker.ring.start((worker.ring.submitted - 1) | 0);
    const stop = onTrace(({ type }) => {
      if (type === "started") job.cancel("inner");
    });
    try {
      job.cancel("outer");
    } finally {
      stop();
    }
    await rejection(job.result);
    await turn();
    expect(worker.orders(Order.cancel)).toHaveLength(1);
    expect(clock.pending).toBe(1 + 1); // one grace period, and the reaper of idle workers
  });

  it("by a listener that hears of a move keeps the run from starting, and counts once", async () => {
    const { pool, transport, worker } = await quickWorker();
    const results = [1, 2].map((n) => pool.run(echo, n));
    for (const result of results) void quiet(result);
    const job = pool.submit(echo, 3);
    void quiet(job.result);
    await turn();
    worker.start();
    const stop = onTrace(({ type, job: id }) => {
      if (type === "moved" && id === job.id) job.cancel("no");
    });
    try {
      worker.exit();
    } finally {
      stop();
    }
    expect(await rejection(job.result)).toBe("no");
    transport.worker(2).up();
    await turn();
    expect(transport.worker(2).runAll()).toEqual([2]);
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0, cancelled: 1, failed: 1 });
  });
});

describe("a worker that is lost", () => {
  it("fails the task that ran, moves those that had not started, and counts as a restart", async () => {
    const { pool, transport, worker } = await quickWorker();
    const results = [1, 2, 3].map((n) => quiet(pool.run(echo, n)));
    await turn();
    worker.start();
    worker.exit({ exitCode: 7, stderr: "last words" });
    transport.worker(2).up();
    for (let n = 0; n < 2; n++) {
      await turn();
      transport.worker(2).runAll();
    }
    expect(await Promise.all(results.slice(1))).toEqual([2, 3]);
    expect(await rejection(results[0] as Promise<unknown>)).toMatchObject({
      code: "WORKER_LOST",
      exitCode: 7,
      stderr: "last words",
      worker: "fake 1",
    });
    expect(pool.stats().restarts).toBe(1);
  });

  it("settles each run once when the callback of one loss cancels another", async () => {
    const { pool, transport } = fakePool({ workers: { min: 0, max: 1, idle: Infinity } });
    const map = pool.map(echo, [0, 1, 2, 3], { ordered: false, concurrency: 4 }).toArray();
    void quiet(map);
    // Orders that kill a worker before it starts them are given up in the end; the map then cancels the rest.
    for (let n = 1; n <= 8; n++) {
      if (!transport.links[n - 1]) break;
      transport.worker(n).up();
      await turn();
      transport.worker(n).exit();
      await turn();
    }
    expect(await rejection(map)).toMatchObject({ code: "WORKER_LOST" });
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0 });
    await pool.close();
  });

  it("right after its last report takes nothing down that was not sent to it yet", async () => {
    const { pool, transport, worker } = await quickWorker({ tasksPerWorker: Infinity });
    const buffer = new ArrayBuffer(8);
    const first = pool.run(echo, 1);
    const moving = pool.run(echo, buffer, { transfer: [buffer] });
    const guilty = quiet(pool.run(echo, { f: () => 1 }));
    await turn();
    // Its last report and its end are read in one go.
    worker.start()?.done("done");
    worker.exit();
    expect(await first).toBe("done");
    await turn();
    for (let n = 0; n < 3; n++) {
      transport.links.at(-1)?.up();
      await turn();
      transport.links.at(-1)?.runAll();
    }
    expect(await moving).toMatchObject({ byteLength: 8 });
    expect(await rejection(guilty)).toMatchObject({ code: "NOT_CLONEABLE", path: "input.f" });
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0, failed: 1, completed: 3 });
    await pool.close();
  });

  it("by the kill that ended a left stream is no error of the stream", async () => {
    const { pool, worker, clock } = await quickWorker();
    const stream = pool.stream(count, 1);
    const first = stream.next();
    await turn();
    worker.start()?.item(0);
    expect(await first).toEqual({ done: false, value: 0 });
    const left = stream.return(undefined);
    await clock.advance(1_000);
    expect(worker.killed).toBe(true);
    expect(await left).toEqual({ done: true, value: undefined });
  });

  it("and reports on after it was given up, does not settle anything twice", async () => {
    const { pool, worker, clock } = await quickWorker({ grace: 0 });
    worker.stubborn = true;
    const controller = new AbortController();
    const aborted = quiet(pool.run(echo, 1, { signal: controller.signal }));
    await turn();
    const task = worker.start();
    controller.abort("no");
    expect(await rejection(aborted)).toBe("no");
    await clock.advance(5_000);
    expect(pool.stats()).toMatchObject({ workers: 0, running: 0, cancelled: 1, restarts: 1 });
    expect(worker.held).toBe(false);
    task?.done();
    expect(pool.stats()).toMatchObject({ running: 0, queued: 0, cancelled: 1 });
    await pool.close();
  });

  it("after a report that cannot be read fails that task once, and moves the others", async () => {
    const { pool, transport, worker } = await quickWorker();
    const results = [1, 2].map((n) => quiet(pool.run(echo, n)));
    await turn();
    const task = worker.start();
    worker.unreadable(new Error("garbled"));
    task?.done("late"); // what it sent before it is gone
    expect(await rejection(results[0] as Promise<unknown>)).toMatchObject({
      code: "NOT_CLONEABLE",
    });
    await turn();
    expect(worker.killed).toBe(true);
    transport.worker(2).up();
    await turn();
    transport.worker(2).runAll();
    expect(await results[1]).toBe(2);
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0, failed: 1 });
  });
});

describe("a stream", () => {
  it("that has ended grants no credits to the next one in its slot", async () => {
    const { pool, worker } = await quickWorker();
    const first = pool.stream(count, 1, { window: 4 });
    const head = first.next();
    await turn();
    const task = worker.start();
    for (const n of [0, 1, 2, 3]) task?.item(n);
    task?.done();
    await head;
    const sameSlot = ((task?.position as number) + ringSlots) | 0;
    while (worker.ring.completed !== sameSlot) {
      void pool.run(echo, "between");
      await turn();
      worker.runAll();
    }
    const second = pool.stream(count, 2, { window: 1 });
    void second.next();
    await turn();
    const next = worker.start();
    expect(next?.position).toBe(sameSlot);
    for await (const _ of first);
    await turn();
    expect(worker.orders(Order.grant)).toEqual([]);
    next?.done();
  });
});

describe("recycling", () => {
  it("replaces a worker after so many tasks, and the queue goes on", async () => {
    const { pool, transport } = fakePool({
      workers: { min: 0, max: 1, idle: Infinity },
      tasksPerWorker: 2,
    });
    const results = Promise.all([1, 2, 3, 4, 5].map((n) => pool.run(echo, n)));
    const ran: unknown[][] = [];
    for (let n = 1; n <= 3; n++) {
      transport.worker(n).up();
      await turn();
      const inputs = transport.worker(n).runAll();
      await turn();
      inputs.push(...transport.worker(n).runAll());
      ran.push(inputs);
      await turn();
    }
    expect(ran).toEqual([[1, 2], [3, 4], [5]]);
    expect(await results).toEqual([1, 2, 3, 4, 5]);
    expect(pool.stats().restarts).toBe(0);
  });

  it("does not count runs that were taken back before they started", async () => {
    const { pool, worker } = await quickWorker({ tasksPerWorker: 3 });
    for (let n = 0; n < 5; n++) {
      const controller = new AbortController();
      void quiet(pool.run(echo, n, { signal: controller.signal }));
      controller.abort();
    }
    const next = pool.run(echo, "next");
    await turn();
    expect(worker.dismissed).toBe(false);
    worker.runAll();
    expect(await next).toBe("next");
  });
});

describe("close", () => {
  it("finishes what was accepted, then lets the workers go", async () => {
    const { pool, worker, clock } = await quickWorker();
    const result = pool.run(echo, 1);
    const closed = pool.close();
    expect(await rejection(pool.run(echo, 2))).toMatchObject({ code: "CLOSED" });
    await turn();
    expect(worker.dismissed).toBe(false);
    worker.runAll();
    expect(await result).toBe(1);
    await closed;
    expect(worker).toMatchObject({ dismissed: true, gone: true });
    expect(clock.pending).toBe(0);
    await pool.close();
  });

  it("before anything was started is done at once", async () => {
    const { pool, transport } = fakePool();
    await pool.close();
    expect(transport.links).toHaveLength(0);
    expect(await rejection(pool.ready())).toMatchObject({ code: "CLOSED" });
  });

  it("while workers start, with a task that waits for them, runs it first", async () => {
    const { pool, transport } = fakePool();
    const result = pool.run(echo, 1);
    const closed = pool.close();
    transport.worker(1).up();
    await turn();
    transport.worker(1).runAll();
    expect(await result).toBe(1);
    await closed;
  });

  it("with cancel ends what waits at once, and what runs with its grace period", async () => {
    const { pool, worker, clock } = await quickWorker();
    const results = [1, 2].map((n) => quiet(pool.run(echo, n)));
    await turn();
    worker.start();
    const closed = pool.close({ cancel: true });
    for (const result of results) expect(await rejection(result)).toMatchObject({ code: "CLOSED" });
    await clock.advance(1_000);
    await closed;
    expect(worker).toMatchObject({ killed: true, gone: true });
    expect(clock.pending).toBe(0);
  });

  it("with a deadline is bounded, even when a worker never goes", async () => {
    const { pool, worker, clock } = await quickWorker();
    worker.stubborn = true;
    const result = quiet(pool.run(echo, 1));
    await turn();
    worker.start();
    let isClosed = false;
    const closed = pool.close({ deadline: 100 }).then(() => (isClosed = true));
    await clock.advance(99);
    expect(worker.killed).toBe(false);
    await clock.advance(1);
    expect(worker.killed).toBe(true);
    expect(await rejection(result)).toMatchObject({ code: "CLOSED" });
    expect(isClosed).toBe(false);
    await clock.advance(5_000);
    await closed;
    expect(clock.pending).toBe(0);
  });

  it("kills an idle worker that does not go when it is told, and is bounded too", async () => {
    const { pool, worker, clock } = await quickWorker();
    worker.stubborn = true;
    const closed = pool.close();
    await clock.advance(5_000);
    expect(worker).toMatchObject({ dismissed: true, killed: true });
    await clock.advance(5_000);
    await closed;
    expect(clock.pending).toBe(0);
  });
});

describe("workers that do not start", () => {
  it("fail what waits after three attempts, each task with an error of its own; later tasks try again", async () => {
    const { pool, transport } = fakePool({ workers: { min: 0, max: 1, idle: Infinity } });
    const results = [1, 2].map((n) => quiet(pool.run(echo, n)));
    for (let n = 1; n <= 3; n++) transport.worker(n).exit({ error: new Error("no memory") });
    const [a, b] = await Promise.all(results.map(rejection));
    expect(
      isQuintetError(a, "WORKER_START_FAILED") && isQuintetError(b, "WORKER_START_FAILED"),
    ).toBe(true);
    expect(a).not.toBe(b);
    expect((a as Error).cause).toMatchObject({ message: "no memory" });
    expect(transport.links).toHaveLength(3);
    const later = pool.run(echo, 3);
    transport.worker(4).up();
    await turn();
    transport.worker(4).runAll();
    expect(await later).toBe(3);
  });

  it("fail only what waited then: a map that goes on tries again", async () => {
    const { pool, transport } = fakePool({ workers: { min: 0, max: 1, idle: Infinity } });
    let read = 0;
    function* inputs(): Generator<number> {
      while (read < 1_000) yield read++;
    }
    const results = pool.map(echo, inputs(), { settle: true, concurrency: 2, window: 1_000 });
    const first = results[Symbol.asyncIterator]().next();
    for (let n = 1; n <= 3; n++) transport.worker(n).exit();
    expect(await first).toMatchObject({ value: { status: "rejected" } });
    expect(read).toBe(4);
    expect(transport.links).toHaveLength(4);
  });

  it("because the transport refuses, reject the task instead of throwing at the caller", async () => {
    const { pool, transport, clock } = fakePool();
    transport.refusal = new TypeError("bad option");
    const result = quiet(pool.run(echo, 1));
    await clock.advance(0);
    await clock.advance(0);
    await clock.advance(0);
    expect(await rejection(result)).toMatchObject({
      code: "WORKER_START_FAILED",
      cause: { message: "bad option" },
    });
    await pool.close();
    expect(clock.pending).toBe(0);
  });

  it("in time are killed and count as failed", async () => {
    const { pool, transport, clock } = fakePool({ startTimeout: 500 });
    const result = quiet(pool.run(echo, 1));
    for (let n = 1; n <= 3; n++) {
      await clock.advance(500);
      expect(transport.worker(n).killed).toBe(true);
    }
    expect(await rejection(result)).toMatchObject({ code: "WORKER_START_FAILED" });
    expect(clock.pending).toBe(0);
  });

  it("and are up just after they were killed for that, are given nothing", async () => {
    const { pool, transport, clock } = fakePool({ startTimeout: 500 });
    void pool.run(echo, 1);
    transport.worker(1).stubborn = true;
    await clock.advance(500);
    transport.worker(1).up();
    await turn();
    expect(transport.worker(1).messages).toEqual([]);
  });
});
