import { getEventListeners } from "node:events";
import { ClosedError, InvalidOptionError } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { stateOf, turn } from "../../test/turns.ts";
import { lifoQueue } from "./lifo-queue.ts";
import { priorityQueue } from "./priority-queue.ts";
import { queue } from "./queue.ts";

const reason = { why: "enough" };

describe("items", () => {
  it("come out in the order they were put", async () => {
    const jobs = queue<number>();
    for (const job of [1, 2, 3]) await jobs.put(job);
    expect([await jobs.get(), jobs.tryGet(), await jobs.get(), jobs.tryGet()]).toEqual([
      1,
      { value: 2 },
      3,
      undefined,
    ]);
  });

  it("of a LIFO queue come out last first", async () => {
    const jobs = lifoQueue<number>();
    for (const job of [1, 2, 3]) jobs.tryPut(job);
    expect([await jobs.get(), await jobs.get(), await jobs.get()]).toEqual([3, 2, 1]);
  });

  it("of a priority queue come out by priority, the first put among equals", async () => {
    const jobs = priorityQueue<string>();
    await jobs.put("a");
    await jobs.put("b", { priority: 1 });
    jobs.tryPut("c", { priority: 1 });
    jobs.tryPut("d", { priority: -1 });
    const got = await Promise.all([jobs.get(), jobs.get(), jobs.get(), jobs.get()]);
    expect(got).toEqual(["b", "c", "a", "d"]);
  });

  it("may be undefined or null", async () => {
    const jobs = queue<undefined | null>();
    jobs.tryPut(undefined);
    jobs.tryPut(null);
    expect([jobs.size, jobs.tryGet(), await jobs.get()]).toEqual([2, { value: undefined }, null]);
  });

  it("go straight to who waits for them, and nobody gets them before", async () => {
    const jobs = queue<string>();
    const first = jobs.get();
    const second = jobs.get();
    await jobs.put("a");
    expect([jobs.size, jobs.tryGet()]).toEqual([0, undefined]);
    jobs.tryPut("b");
    expect([await first, await second]).toEqual(["a", "b"]);
  });
});

describe("a full queue", () => {
  it("lets who puts wait for room, first come first served, and nobody pass", async () => {
    const jobs = queue<number>({ capacity: 1 });
    await jobs.put(1);
    const [second, third] = [jobs.put(2), jobs.put(3)];
    expect([jobs.tryPut(4), jobs.size, await stateOf(second)]).toEqual([false, 1, "pending"]);
    expect(jobs.tryGet()).toEqual({ value: 1 });
    expect([await stateOf(second), await stateOf(third)]).toEqual(["resolved", "pending"]);
    expect(jobs.tryPut(4)).toBe(false);
    expect([await jobs.get(), await jobs.get(), jobs.size]).toEqual([2, 3, 0]);
    await third;
  });

  it("with priorities gives room by priority", async () => {
    const jobs = priorityQueue<string>({ capacity: 1 });
    await jobs.put("first");
    const waiting = [jobs.put("low"), jobs.put("high", { priority: 1 })];
    expect([await jobs.get(), await jobs.get(), await jobs.get()]).toEqual([
      "first",
      "high",
      "low",
    ]);
    await Promise.all(waiting);
  });
});

describe("an abort", () => {
  it("of a put has put nothing, of a get has taken nothing", async () => {
    const jobs = queue<number>({ capacity: 1 });
    const controller = new AbortController();
    const { signal } = controller;
    const getting = jobs.get({ signal });
    controller.abort(reason);
    await expect(getting).rejects.toBe(reason);
    await jobs.put(1);
    expect(jobs.size).toBe(1);
    const other = new AbortController();
    const putting = jobs.put(2, { signal: other.signal });
    const next = jobs.put(3);
    other.abort(reason);
    await expect(putting).rejects.toBe(reason);
    expect([await jobs.get(), await jobs.get(), jobs.unfinished]).toEqual([1, 3, 2]);
    await next;
    await expect(jobs.put(4, { signal })).rejects.toBe(reason);
    await expect(jobs.get({ signal })).rejects.toBe(reason);
    expect([jobs.size, getEventListeners(other.signal, "abort")]).toEqual([0, []]);
  });

  it("as an item arrives finds it taken", async () => {
    const jobs = queue<string>();
    const controller = new AbortController();
    const getting = jobs.get({ signal: controller.signal });
    jobs.tryPut("mine");
    controller.abort(reason);
    expect(await getting).toBe("mine");
  });

  it("or a timeout ends each kind of wait", async () => {
    const clock = virtualClock();
    const jobs = queue<number>({ capacity: 1, clock, name: "jobs" });
    const late = async (wait: Promise<unknown>): Promise<unknown> => {
      const ending = wait.catch((error: unknown) => error);
      await clock.advance(10);
      return ending;
    };
    expect(await late(jobs.get({ timeout: 10 }))).toMatchObject({ code: "TIMEOUT" });
    jobs.tryPut(1);
    expect(await late(jobs.put(2, { timeout: 10 }))).toMatchObject({
      message: "jobs: waited 10 ms for room in vain.",
    });
    expect(await late(jobs.join({ timeout: 10 }))).toMatchObject({ code: "TIMEOUT" });
    expect([jobs.size, clock.pending, jobs.inspect().waiters]).toEqual([1, 0, []]);
  });
});

describe("join", () => {
  it("waits until everything that was put is done", async () => {
    const jobs = queue<number>();
    await jobs.join();
    jobs.tryPut(1);
    jobs.tryPut(2);
    const joined = jobs.join();
    await jobs.get();
    jobs.taskDone();
    expect(await stateOf(joined)).toBe("pending");
    await jobs.get();
    expect(await stateOf(joined)).toBe("pending");
    jobs.taskDone();
    await joined;
    expect(jobs.unfinished).toBe(0);
  });

  it("counts an item that waits for room when it has got in", async () => {
    const jobs = queue<number>({ capacity: 1 });
    jobs.tryPut(1);
    const waiting = jobs.put(2);
    expect(jobs.unfinished).toBe(1);
    await jobs.get();
    await waiting;
    expect(jobs.unfinished).toBe(2);
  });

  it("refuses more that is done than was put", () => {
    const jobs = queue<number>({ name: "jobs" });
    expect(() => jobs.taskDone()).toThrow(
      "jobs: taskDone() was called more often than items were put.",
    );
  });
});

describe("shutdown", () => {
  it("takes nothing more and lets be taken what is there", async () => {
    const jobs = queue<number>({ capacity: 2, name: "jobs" });
    jobs.tryPut(1);
    jobs.tryPut(2);
    const waiting = jobs.put(3);
    jobs.shutdown();
    jobs.shutdown();
    await expect(waiting).rejects.toBeInstanceOf(ClosedError);
    await expect(jobs.put(4)).rejects.toThrow("jobs is shut down.");
    expect(() => jobs.tryPut(5)).toThrow(ClosedError);
    expect([await jobs.get(), await jobs.get(), jobs.closed]).toEqual([1, 2, true]);
    await expect(jobs.get()).rejects.toBeInstanceOf(ClosedError);
    expect(jobs.tryGet()).toBeUndefined();
  });

  it("rejects who waits for an item", async () => {
    const jobs = queue<number>();
    const getting = jobs.get();
    jobs.shutdown();
    await expect(getting).rejects.toBeInstanceOf(ClosedError);
  });

  it("at once drops what is there, which counts as done", async () => {
    const jobs = queue<number>();
    for (const job of [1, 2, 3]) jobs.tryPut(job);
    await jobs.get();
    const joined = jobs.join();
    jobs.shutdown({ immediate: true });
    expect([jobs.size, jobs.unfinished, await stateOf(joined)]).toEqual([0, 1, "pending"]);
    jobs.taskDone();
    await joined;
    await expect(jobs.get()).rejects.toBeInstanceOf(ClosedError);
  });

  it("may become immediate later", async () => {
    const jobs = queue<number>();
    jobs.tryPut(1);
    const joined = jobs.join();
    jobs.shutdown();
    jobs.shutdown({ immediate: true });
    await joined;
    expect(jobs.size).toBe(0);
  });
});

describe("for await", () => {
  it("gives items to several workers until the queue is shut down", async () => {
    const jobs = queue<number>({ capacity: 3 });
    const seen: number[] = [];
    const worker = async (): Promise<void> => {
      for await (const job of jobs) {
        seen.push(job);
        if (job % 3 === 0) await turn();
        jobs.taskDone();
      }
    };
    const workers = [worker(), worker(), worker()];
    for (let job = 0; job < 100; job++) await jobs.put(job);
    await jobs.join();
    jobs.shutdown();
    await Promise.all(workers);
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, job) => job));
  });

  it("throws the error of an item that was a promise, and goes on", async () => {
    const jobs = queue<Promise<number>>();
    jobs.tryPut(Promise.reject(reason));
    jobs.tryPut(Promise.resolve(7));
    jobs.shutdown();
    const iterator = jobs[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toBe(reason);
    expect(await iterator.next()).toEqual({ done: false, value: 7 });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });
});

it("refuses bad input, by name", async () => {
  expect(() => queue({ capacity: 0 })).toThrow(
    "capacity must be a whole number from 1 up or Infinity, got 0",
  );
  expect(() => queue({ capacty: 1 } as object)).toThrow('there is no option "capacty"');
  const jobs = queue<number>();
  await expect(jobs.put(1, { priority: 1 } as object)).rejects.toThrow('no option "priority"');
  const sorted = priorityQueue<number>();
  await expect(sorted.put(1, { priority: Number.NaN })).rejects.toBeInstanceOf(InvalidOptionError);
  expect(() => sorted.tryPut(1, { priority: Number.NaN })).toThrow(InvalidOptionError);
  expect(() => jobs.shutdown({ now: true } as object)).toThrow('no option "now"');
  expect([jobs.size, jobs.unfinished, sorted.size, jobs.closed]).toEqual([0, 0, 0, false]);
});

it("tells who waits for what", () => {
  const jobs = queue<number>({ capacity: 1, name: "jobs" });
  jobs.tryPut(1);
  void jobs.put(2);
  void jobs.join();
  expect(jobs.inspect()).toMatchObject({
    kind: "queue",
    name: "jobs",
    state: { capacity: 1, size: 1, unfinished: 1, closed: false },
    waiters: [{ what: "room" }, { what: "end of all tasks" }],
  });
});
