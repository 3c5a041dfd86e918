import { AsyncLocalStorage } from "node:async_hooks";
import { getEventListeners } from "node:events";
import type { TaskContext } from "@quintet/core";
import { InvalidOptionError, moduleTasks, QueueFullError, TimeoutError } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import PQueue from "p-queue";
import { afterEach, describe, expect, it, vi } from "vitest";
import { eventLoop, type EventLoopOptions } from "./index.ts";

const reason = { why: "enough" };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Counts how many tasks run at a time, whatever their callers know. */
class Counter {
  now = 0;
  most = 0;
  started = 0;

  async hold(until: Promise<unknown>): Promise<void> {
    this.started++;
    this.most = Math.max(this.most, ++this.now);
    try {
      await until;
    } finally {
      this.now--;
    }
  }
}

afterEach(() => {
  vi.useRealTimers();
});

describe("concurrency", () => {
  it("is unlimited at first", async () => {
    const executor = eventLoop();
    const counter = new Counter();
    const gate = Promise.withResolvers<void>();
    const all = Array.from({ length: 100 }, () => executor.run(() => counter.hold(gate.promise)));
    expect(executor.stats()).toMatchObject({ queued: 0, running: 100 });
    gate.resolve();
    await Promise.all(all);
    expect(counter.most).toBe(100);
  });

  it("is kept with random priorities, aborts and failures", async () => {
    const executor = eventLoop({ concurrency: 3 });
    const counter = new Counter();
    const all = Array.from({ length: 500 }, (_, index) => {
      const controller = new AbortController();
      const task = async (): Promise<void> => {
        if (index % 7 === 0) controller.abort(reason);
        await counter.hold(index % 5 === 0 ? turn() : Promise.resolve());
        if (index % 11 === 0) throw reason;
      };
      const options = { signal: controller.signal, priority: (index * 7919) % 13 };
      const result = executor.run(task, undefined, options);
      if (index % 3 === 0) controller.abort(reason);
      return result;
    });
    const endings = await Promise.allSettled(all);
    await executor.close();
    expect(counter.most).toBe(3);
    expect(counter.now).toBe(0);
    const { completed, failed, cancelled } = executor.stats();
    expect(completed).toBe(endings.filter(({ status }) => status === "fulfilled").length);
    expect(completed + failed + cancelled).toBe(500);
  });

  it("counts a task that was aborted, or timed out, until its function has ended", async () => {
    const clock = virtualClock();
    const executor = eventLoop({ concurrency: 2, clock });
    const counter = new Counter();
    const gates = [1, 2, 3, 4].map(() => Promise.withResolvers<void>());
    const controller = new AbortController();
    const { signal } = controller;
    const results = gates.map(({ promise }, index) =>
      executor.run(
        () => counter.hold(promise),
        undefined,
        index === 0 ? { signal } : index === 1 ? { timeout: 10 } : {},
      ),
    );
    const refused = Promise.allSettled(results.slice(0, 2));
    controller.abort(reason);
    await clock.advance(10);
    expect(await refused).toMatchObject([{ reason }, { reason: { code: "TIMEOUT" } }]);
    await turn();
    expect([counter.now, counter.started]).toEqual([2, 2]);
    expect(executor.stats()).toMatchObject({ queued: 2, running: 2 });
    for (const gate of gates) gate.resolve();
    await Promise.all(results.slice(2));
    expect(counter.most).toBe(2);
    expect(executor.stats()).toMatchObject({ running: 0, completed: 2, cancelled: 2 });
    expect(clock.pending).toBe(0);
  });

  it("would be seen to break in a queue that frees the slot with the abort", async () => {
    const queue = new PQueue({ concurrency: 1 });
    const counter = new Counter();
    const gate = Promise.withResolvers<void>();
    const controller = new AbortController();
    const { signal } = controller;
    const first = queue.add(() => counter.hold(gate.promise), { signal });
    const second = queue.add(() => counter.hold(gate.promise));
    controller.abort(reason);
    await expect(first).rejects.toBe(reason);
    await turn();
    gate.resolve();
    await second;
    expect(counter.most).toBe(2);
  });

  it("is kept for streams: a paused producer holds its slot, one that is left gives it back", async () => {
    const executor = eventLoop({ concurrency: 1 });
    function* numbers(): Generator<number> {
      for (let n = 0; ; n++) yield n;
    }
    const stream = executor.stream(numbers, undefined, { window: 1 });
    await stream.next();
    const other = executor.run(() => "next");
    await turn();
    expect(executor.stats()).toMatchObject({ queued: 1, running: 1 });
    await stream.return(undefined);
    expect(await other).toBe("next");
  });
});

describe("what it does", () => {
  it("is measured with its clock, and listed without a worker", async () => {
    const clock = virtualClock(Date.UTC(2026, 0, 1));
    const executor = eventLoop({ concurrency: 1, clock });
    const gates = [1, 2].map(() => Promise.withResolvers<void>());
    const jobs = gates.map(({ promise }) => executor.submit(() => promise));
    await clock.advance(250);
    gates[0]!.resolve();
    await jobs[0]!.result;
    await clock.advance(500);
    const since = new Date(Date.UTC(2026, 0, 1) + 250);
    const entry = { task: "anonymous", state: "running", cancelled: false, attempt: 1, since };
    expect(executor.tasks()).toEqual([{ id: jobs[1]!.id, ...entry }]);
    gates[1]!.resolve();
    await jobs[1]!.result;
    expect(executor.stats()).toMatchObject({
      wait: { count: 2, mean: 125, max: 250 },
      run: { count: 2, mean: 375, max: 500 },
    });
  });

  it("is listed in the order in which it will start", async () => {
    const executor = eventLoop({ concurrency: 1 });
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const run = (name: string, priority: number): Promise<unknown> => {
      const named = { [name]: async () => order.push(name) }[name]!;
      return executor.run(named, undefined, { priority });
    };
    const first = executor.run(() => gate.promise);
    const names = ["a", "b", "c", "d", "e", "f"];
    const all = Promise.all(names.map((name, index) => run(name, (index * 2) % 3)));
    const listed = executor.tasks().slice(1);
    gate.resolve();
    await Promise.all([first, all]);
    expect(listed.map(({ task }) => task)).toEqual(order);
  });
});

describe("a queue of 20,000", () => {
  const count = 20_000;

  it("is aborted by one signal, which keeps no listener", async () => {
    const executor = eventLoop({ concurrency: 1 });
    const gate = Promise.withResolvers<void>();
    const first = executor.run(() => gate.promise);
    const controller = new AbortController();
    const { signal } = controller;
    let rejected = 0;
    let started = 0;
    const results = Array.from({ length: count }, () =>
      executor
        .run(() => started++, undefined, { signal })
        .catch((error: unknown) => {
          if (error === reason) rejected++;
        }),
    );
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    controller.abort(reason);
    await Promise.all(results);
    expect([rejected, started]).toEqual([count, 0]);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    expect(executor.stats()).toMatchObject({ queued: 0, running: 1, cancelled: count });
    gate.resolve();
    await first;
    await executor.close();
  });

  it("fails task by task, each before its first await, without a stack that grows", async () => {
    const executor = eventLoop({ concurrency: 1 });
    let failed = 0;
    const fail = (): never => {
      throw reason;
    };
    const results = Array.from({ length: count }, () =>
      executor.run(fail).catch((error: unknown) => {
        if (error === reason) failed++;
      }),
    );
    await Promise.all(results);
    expect(failed).toBe(count);
    expect(executor.stats()).toMatchObject({ queued: 0, running: 0, failed: count });
  });
});

describe("maxQueue", () => {
  it("bounds what waits, not what runs", async () => {
    const executor = eventLoop({ concurrency: 2, maxQueue: 1 });
    const gate = Promise.withResolvers<void>();
    const accepted = [1, 2, 3].map(() => executor.run(() => gate.promise));
    await expect(executor.run(() => 4)).rejects.toBeInstanceOf(QueueFullError);
    const waiting = executor.submit(() => "admitted");
    expect(executor.stats()).toMatchObject({ waiting: 1, queued: 1, running: 2 });
    gate.resolve();
    await waiting.accepted;
    expect(await waiting.result).toBe("admitted");
    await Promise.all(accepted);
  });

  it("of 0 takes what can start at once, and nothing more", async () => {
    const executor = eventLoop({ concurrency: 1, maxQueue: 0 });
    const first = executor.run(() => turn());
    await expect(executor.run(() => 2)).rejects.toBeInstanceOf(QueueFullError);
    await first;
    await turn();
    expect(await executor.run(() => 3)).toBe(3);
  });
});

describe("rate", () => {
  it("starts no more than `limit` tasks in any `interval`", async () => {
    vi.useFakeTimers();
    const executor = eventLoop({ rate: { limit: 2, interval: 1000 } });
    const starts: number[] = [];
    const results = [1, 2, 3, 4, 5].map(() => executor.run(() => starts.push(Date.now())));
    const begin = Date.now();
    await vi.advanceTimersByTimeAsync(5000);
    await Promise.all(results);
    expect(starts.map((start) => start - begin)).toEqual([0, 0, 1000, 1000, 2000]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no timer when what waits for it is aborted", async () => {
    vi.useFakeTimers();
    const executor = eventLoop({ rate: { limit: 1, interval: 1000 } });
    await executor.run(() => 1);
    const job = executor.submit(() => 2);
    expect(job.state).toBe("queued");
    expect(vi.getTimerCount()).toBe(1);
    job.cancel(reason);
    await expect(job.result).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the async context of the caller", () => {
  const user = new AsyncLocalStorage<string>();
  const store = (): string | undefined => user.getStore();

  it("is seen by the task, whoever starts it", async () => {
    const executor = eventLoop({ concurrency: 1, maxQueue: 2 });
    const first = user.run("first", () => executor.run(async () => turn()));
    const names = ["alice", "bob", "carol", "dave"];
    const jobs = names.map((name) => user.run(name, () => executor.submit(store)));
    expect(executor.stats()).toMatchObject({ waiting: 2, queued: 2 });
    expect(await Promise.all(jobs.map(({ result }) => result))).toEqual(names);
    await first;
  });

  it("is seen by every task of a map, and by a stream", async () => {
    const executor = eventLoop({ concurrency: 2 });
    const mapped = user.run("alice", () =>
      executor
        .map(
          async (_input: number) => {
            await turn();
            return store();
          },
          [1, 2, 3, 4, 5],
        )
        .toArray(),
    );
    expect(await mapped).toEqual(Array.from({ length: 5 }, () => "alice"));
    const streamed = user.run("bob", () =>
      executor
        .stream(function* () {
          yield store();
        })
        .next(),
    );
    expect(await streamed).toEqual({ done: false, value: "bob" });
  });
});

describe("a task", () => {
  it("may start before run returns, and never before it was called", async () => {
    const executor = eventLoop({ concurrency: 1 });
    const log: string[] = [];
    const first = executor.run(() => log.push("first"));
    log.push("run returned");
    await first;
    expect(log).toEqual(["first", "run returned"]);
  });

  it("gets and gives values as they are", async () => {
    const executor = eventLoop();
    const input = { call: () => 1 };
    expect(await executor.run((value: typeof input) => value, input)).toBe(input);
    const error = Object.freeze(new Error("mine"));
    await expect(
      executor.run(() => {
        throw error;
      }),
    ).rejects.toBe(error);
  });

  it("sees its signal abort with the very reason, before its caller's promise is read", async () => {
    const executor = eventLoop();
    const heard: unknown[] = [];
    const job = executor.submit(async (_input: void, { signal }: TaskContext) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => {
        heard.push(signal.reason);
        resolve();
      });
      await promise;
    });
    job.cancel(reason);
    expect(heard).toEqual([reason]);
    await expect(job.result).rejects.toBe(reason);
    await executor.close();
  });

  it("of a module is imported once it runs, and each failure is an error of its own", async () => {
    const executor = eventLoop();
    const source = `export const double = (n) => n * 2`;
    const module = moduleTasks<{ double(n: number): number; none(): void }>(
      "late",
      `data:text/javascript,${encodeURIComponent(source)}`,
    );
    expect(await executor.map(module.double, [1, 2]).toArray()).toEqual([2, 4]);
    const errors = await Promise.all(
      [1, 2].map(() => executor.run(module.none).catch((error: unknown) => error)),
    );
    expect(errors[0]).toMatchObject({ code: "TASK_NOT_FOUND" });
    expect(errors[0]).not.toBe(errors[1]);
  });

  it("of a module that is aborted while that is imported never starts", async () => {
    const executor = eventLoop();
    const key = "quintetStarted";
    const source = `export const go = () => { globalThis.${key} = true }`;
    const module = moduleTasks<{ go(): void }>("late", `data:text/javascript,${source}`);
    const job = executor.submit(module.go);
    job.cancel(reason);
    await expect(job.result).rejects.toBe(reason);
    await executor.close();
    expect(key in globalThis).toBe(false);
  });
});

describe("closing", () => {
  it("with a deadline leaves a deaf task behind, and its end changes nothing", async () => {
    const clock = virtualClock();
    const executor = eventLoop({ clock });
    const gate = Promise.withResolvers<void>();
    const result = executor.run(() => gate.promise);
    const refused = result.catch((error: unknown) => error);
    const closed = executor.close({ deadline: 100 });
    await clock.advance(100);
    await closed;
    expect(await refused).toMatchObject({ code: "CLOSED" });
    expect(clock.pending).toBe(0);
    gate.reject(new TimeoutError("late"));
    await turn();
    expect(executor.stats()).toMatchObject({ running: 0, cancelled: 1 });
  });
});

it.each<[string, unknown]>([
  ["concurrency", { concurrency: 0 }],
  ["concurrency", { concurrency: 1.5 }],
  ["maxQueue", { maxQueue: -1 }],
  ["name", { name: 5 }],
  ["clock", { clock: null }],
  ["rate", { rate: 5 }],
  ["rate", { rate: { limit: 1 } }],
  ["rate", { rate: { limit: undefined, interval: 5 } }],
  ["limit", { rate: { limit: 0, interval: 5 } }],
  ["limit", { rate: { limit: Infinity, interval: 5 } }],
  ["interval", { rate: { limit: 1, interval: 0 } }],
  ["interval", { rate: { limit: 1, interval: Infinity } }],
  ["interval", { rate: { limit: 1, interval: 2 ** 31 } }],
  ["speed", { rate: { limit: 1, interval: 5, speed: 1 } }],
  ["size", { size: 1 }],
])("refuses a wrong %s: %o", (name, options) => {
  const make = (): unknown => eventLoop(options as EventLoopOptions);
  expect(make).toThrow(InvalidOptionError);
  expect(make).toThrow(name);
});
