import { AsyncLocalStorage } from "node:async_hooks";
import { InvalidOptionError, moduleTasks, QueueFullError } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { handClock } from "../../test/hand-clock.ts";
import { coroutines, type CoroutinesOptions, sleep, wait } from "../index.ts";

const reason = { why: "enough" };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("generators", () => {
  it("take turns at each yield within a priority, and the higher priority goes first", async () => {
    const executor = coroutines();
    const log: string[] = [];
    function* steps(name: string): Generator<void, string> {
      for (let step = 1; step <= 2; step++) {
        log.push(name + step);
        yield;
      }
      return name;
    }
    const names = ["a", "b", "u", "c"];
    const all = names.map((name) => executor.run(steps, name, { priority: name === "u" ? 1 : 0 }));
    expect(await Promise.all(all)).toEqual(names);
    expect(log).toEqual(["u1", "u2", "a1", "b1", "c1", "a2", "b2", "c2"]);
  });

  it("that compute share one slice, however many they are: timers come through after each", async () => {
    const clock = handClock();
    const executor = coroutines({ clock, slice: 10 });
    let steps = 0;
    function* computing(): Generator<void> {
      for (;;) {
        steps++;
        clock.spend(1);
        yield;
      }
    }
    const jobs = Array.from({ length: 50 }, () => executor.submit(computing));
    const inSlices: number[] = [];
    for (let slice = 0; slice < 20; slice++) {
      await turn();
      inSlices.push(steps);
      steps = 0;
    }
    // The first one follows fifty starts that took no time, so that it looks at the clock later.
    expect(inSlices[0]).toBeLessThan(30);
    expect(inSlices.slice(1)).toEqual(Array.from({ length: 19 }, () => 10));
    const ended = Promise.allSettled(jobs.map(({ result }) => result));
    await executor.close({ cancel: true });
    await ended;
  });

  it("would starve a timer if they did not give way", async () => {
    const clock = handClock();
    const executor = coroutines({ clock, slice: Infinity });
    let steps = 0;
    function* computing(): Generator<void> {
      for (; steps < 2000; steps++) {
        clock.spend(1);
        yield;
      }
    }
    const all = executor.map(computing, [1, 2]).toArray();
    await turn();
    expect(steps).toBeGreaterThanOrEqual(2000);
    await all;
  });

  it("get the values of promises they yield, and the others are the stream, in its order", async () => {
    const executor = coroutines();
    function* task(n: number) {
      const awaited = yield* wait(Promise.resolve(n));
      yield awaited;
      yield Promise.resolve("not an item");
      yield* sleep(0);
      yield awaited + 1;
      return "result";
    }
    expect(await executor.run(task, 1)).toBe("result");
    const stream = executor.stream(task, 1);
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    expect(await stream.next()).toEqual({ done: false, value: 2 });
    expect(await stream.next()).toEqual({ done: true, value: "result" });
  });

  it("are paused when their consumer is behind, while the others go on", async () => {
    const executor = coroutines();
    let made = 0;
    function* numbers(): Generator<number> {
      for (;;) yield made++;
    }
    const stream = executor.stream(numbers, undefined, { window: 4 });
    await stream.next();
    expect(
      await executor.run(function* () {
        for (let step = 0; step < 100; step++) yield;
        return "the other";
      }),
    ).toBe("the other");
    expect(made).toBeLessThanOrEqual(6);
    await stream.return(undefined);
  });

  it("are ended at the yield they stand at, waiting or not, and their finally runs before the slot is free", async () => {
    const executor = coroutines({ concurrency: 2 });
    const log: string[] = [];
    function* task(name: string): Generator {
      try {
        if (name === "waits") yield new Promise(() => {});
        for (;;) yield;
      } finally {
        yield turn();
        log.push(`${name} ended`);
      }
    }
    const jobs = ["waits", "computes"].map((name) => executor.submit(task, name));
    const next = executor.run(() => log.push("the next one started"));
    await turn();
    for (const job of jobs) job.cancel(reason);
    for (const { result } of jobs) await expect(result).rejects.toBe(reason);
    expect(executor.stats()).toMatchObject({ running: 2, queued: 1 });
    await next;
    expect(log[0]).toContain("ended");
    await executor.close();
    expect(log.toSorted()).toEqual(["computes ended", "the next one started", "waits ended"]);
  });

  it("are ended by their timeout on the executor's clock, and leave no timer", async () => {
    const clock = handClock();
    const executor = coroutines({ clock });
    const result = executor.run(sleep, 1_000, { timeout: 100 });
    const refused = result.catch((error: unknown) => error);
    await clock.advance(100);
    expect(await refused).toMatchObject({ code: "TIMEOUT" });
    await executor.close();
    expect(clock.pending).toBe(0);
  });

  it("see the async context of their caller at each step", async () => {
    const executor = coroutines({ concurrency: 2 });
    const user = new AsyncLocalStorage<string>();
    function* task(): Generator<unknown, unknown[]> {
      const seen: unknown[] = [];
      for (let step = 0; step < 3; step++) {
        seen.push(user.getStore());
        yield step === 1 ? turn() : undefined;
      }
      return seen;
    }
    const names = ["alice", "bob", "carol"];
    const seen = await Promise.all(names.map((name) => user.run(name, () => executor.run(task))));
    expect(seen).toEqual(names.map((name) => [name, name, name]));
  });
});

describe("other tasks", () => {
  it("run as they are: functions, async ones, async generators, those of a module that is not loaded", async () => {
    const executor = coroutines();
    const source = `export function* count(n) { for (let i = 0; i < n; i++) yield i; return n }`;
    const module = moduleTasks<{ count(n: number): Generator<number, number> }>(
      "late",
      `data:text/javascript,${encodeURIComponent(source)}`,
    );
    expect(await executor.run((n: number) => n + 1, 1)).toBe(2);
    expect(await executor.run(async (n: number) => n + 1, 1)).toBe(2);
    expect(await executor.run(module.count, 3)).toBe(3);
    const items: number[] = [];
    for await (const item of executor.stream(module.count, 3)) items.push(item);
    async function* counting(): AsyncGenerator<number> {
      yield 3;
      await turn();
      yield 4;
    }
    for await (const item of executor.stream(counting)) items.push(item);
    expect(items).toEqual([0, 1, 2, 3, 4]);
  });

  it("started one after the other do not starve timers", async () => {
    const executor = coroutines();
    const over: true[] = [];
    let ran = 0;
    const until = turn()
      .then(() => turn())
      .then(() => over.push(true));
    for (; over.length === 0 && ran < 5_000_000; ran++) await executor.run(() => 1);
    await until;
    expect(ran).toBeLessThan(5_000_000);
    expect(executor.stats().completed).toBe(ran);
  });

  it("that wake up through promises alone do not starve timers either", async () => {
    const executor = coroutines();
    const over: true[] = [];
    const until = turn()
      .then(() => turn())
      .then(() => over.push(true));
    const steps = await executor.run(function* () {
      let count = 0;
      for (; over.length === 0 && count < 5_000_000; count++) yield Promise.resolve();
      return count;
    });
    await until;
    expect(steps).toBeLessThan(5_000_000);
  });
});

describe("concurrency", () => {
  it("is kept, by priority and first come first within one, also by those that end at once", async () => {
    const executor = coroutines({ concurrency: 1 });
    const log: string[] = [];
    const run = (name: string, priority = 0): Promise<unknown> =>
      executor.run(() => log.push(name), undefined, { priority });
    await Promise.all([run("first"), run("a"), run("u", 1), run("b"), run("l", -1)]);
    expect(log).toEqual(["first", "u", "a", "b", "l"]);
  });

  it("of 5,000 tasks that fail at once, or start others, needs no stack that grows", async () => {
    const executor = coroutines({ concurrency: 1 });
    let failed = 0;
    const fail = (): never => {
      throw reason;
    };
    const results = Array.from({ length: 5_000 }, () =>
      executor.run(fail).catch((error: unknown) => {
        if (error === reason) failed++;
      }),
    );
    await Promise.all(results);
    expect(failed).toBe(5_000);

    const nesting = coroutines();
    let depth = 0;
    const deeper = async (): Promise<void> => {
      if (++depth < 5_000) await nesting.run(deeper);
    };
    await nesting.run(deeper);
    expect(depth).toBe(5_000);
  });

  it("lets what waits leave the queue at once", async () => {
    const executor = coroutines({ concurrency: 1, maxQueue: 2 });
    const gate = Promise.withResolvers<void>();
    const first = executor.run(() => gate.promise);
    const waiting = [1, 2].map(() => executor.submit(() => expect.unreachable()));
    await expect(executor.run(() => 3)).rejects.toBeInstanceOf(QueueFullError);
    for (const job of waiting) {
      job.cancel(reason);
      await expect(job.result).rejects.toBe(reason);
    }
    const last = executor.run(() => "last");
    gate.resolve();
    await first;
    expect(await last).toBe("last");
    expect(executor.stats()).toMatchObject({ completed: 2, cancelled: 2, queued: 0, running: 0 });
  });
});

it("closing waits for the finally of those that are cancelled", async () => {
  const executor = coroutines();
  const log: string[] = [];
  const result = executor.run(function* () {
    try {
      for (;;) yield;
    } finally {
      yield turn();
      log.push("finally");
    }
  });
  const refused = result.catch((error: unknown) => error);
  await turn();
  await executor.close({ cancel: true });
  expect(await refused).toMatchObject({ code: "CLOSED" });
  expect(log).toEqual(["finally"]);
});

it.each<[string, unknown]>([
  ["slice", { slice: 0 }],
  ["slice", { slice: Number.NaN }],
  ["concurrency", { concurrency: 0 }],
  ["concurrency", { concurrency: 1.5 }],
  ["maxQueue", { maxQueue: -1 }],
  ["name", { name: 5 }],
  ["clock", { clock: null }],
  ["size", { size: 1 }],
])("refuses a wrong %s: %o", (name, options) => {
  const make = (): unknown => coroutines(options as CoroutinesOptions);
  expect(make).toThrow(InvalidOptionError);
  expect(make).toThrow(name);
});
