import { asTask, type Mutex, mutex, type WaitsWatched, watchWaits } from "@quintet/async";
import type { Inspection } from "@quintet/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  acquiring,
  broadcast,
  channel,
  coroutines,
  scope,
  select,
  spawn,
  wait,
  watch,
} from "../src/index.ts";
import { turn } from "./state-of.ts";

let watched: WaitsWatched;

beforeEach(() => {
  watched = watchWaits({ onStuck: () => {} });
});
afterEach(() => watched.stop());

/** Who waits, at what and for what, without the numbers that tell names apart. */
const waits = (): string[] =>
  watched
    .report()
    .waits.map(({ task, what, primitive }) => `${unnumbered(task)}: ${what} of ${primitive}`);

const circles = (): string[] =>
  watched
    .report()
    .deadlocks.map((circle) =>
      circle.map(({ task, primitive }) => `${unnumbered(task)} > ${primitive}`).join(),
    );

/** On a busy machine a coroutine may have to wait for the next slice. */
async function untilWaiting(count: number): Promise<void> {
  for (let turns = 0; turns < 100 && watched.report().waits.length < count; turns++) await turn();
}

const unnumbered = (task: string | undefined): string => `${task}`.replace(/#\d+$/, "");

describe("inspect()", () => {
  it("tells of a channel what it holds and who waits, and who they are while waits are watched", async () => {
    const jobs = channel<number>({ name: "jobs", capacity: 1 });
    const empty: Inspection = {
      kind: "channel",
      name: "jobs",
      state: { capacity: 1, size: 0, reserved: 0, senders: 0, receivers: 0, closed: false },
      holders: [],
      waiters: [],
    };
    expect(jobs.inspect()).toEqual(empty);
    await jobs.send(1);
    const refused = Promise.allSettled([
      asTask("sender", () => jobs.send(2)),
      asTask("careful", () => jobs.reserve()),
    ]);
    expect(jobs.inspect()).toMatchObject({
      state: { size: 1, senders: 2 },
      waiters: [
        { what: "room", task: "sender", isArm: false },
        { what: "reservation", task: "careful" },
      ],
    });
    expect(jobs.inspect().waiters[0]?.place).toContain("watch-waits.test.ts");
    jobs.cancel();
    await refused;
    expect(jobs.inspect()).toEqual({ ...empty, state: { ...empty.state, closed: true } });
  });

  it("names channels without a name by their kind and a number", () => {
    const names = [channel(), broadcast(), watch(1)].map((one) => one.inspect().name);
    expect(names.map(unnumbered)).toEqual(["channel", "broadcast", "watch"]);
    expect(new Set(names.map((name) => name.replace(/^.*#/, ""))).size).toBe(3);
  });

  it("tells of a broadcast who waits at its receivers", async () => {
    const news = broadcast<number>({ name: "news", capacity: 2 });
    const receiver = news.subscribe();
    void asTask("reader", () => receiver.receive());
    expect(news.inspect()).toMatchObject({
      kind: "broadcast",
      state: { capacity: 2, size: 0, receivers: 1, closed: false },
      waiters: [{ what: "value", task: "reader", isArm: false }],
    });
    news.send(1);
    expect(news.inspect()).toMatchObject({ state: { size: 1 }, waiters: [] });
  });
});

describe("a report of waits", () => {
  it("says which coroutine waits at which channel, by hand, in a scope and in an executor", async () => {
    const jobs = channel<number>({ name: "jobs" });
    const executor = coroutines();
    function* worker() {
      yield* wait(jobs.receive());
    }
    const one = spawn(worker);
    const other = executor.run(worker, undefined, { id: "run" });
    const tasks = scope((s) => {
      s.spawn(worker, { name: "scoped" });
      s.spawn(async () => void (await jobs.receive()), { name: "plain" });
    });
    await untilWaiting(4);
    expect(waits().toSorted()).toEqual([
      "plain: value of jobs",
      "scoped: value of jobs",
      "worker (run): value of jobs",
      "worker: value of jobs",
    ]);
    expect(new Set(watched.report().waits.map(({ task }) => task)).size).toBe(4);
    for (const { place } of watched.report().waits) expect(place).toContain("watch-waits.test.ts");
    jobs.close();
    await Promise.all([one.result, other, tasks]);
    expect(watched.report().toString()).toBe("Nobody waits.");
    await executor.close();
  });

  it("finds coroutines that wait for each other's end, or for what each other holds", async () => {
    const lock = mutex({ name: "lock" });
    const holder = spawn(function* holder(): Generator<unknown, void, never> {
      const permit = yield* wait(lock.acquire());
      yield* waiter;
      permit.release();
    });
    const waiter = spawn(function* waiter(): Generator<unknown, void, never> {
      yield* wait(new Promise(setImmediate));
      yield* wait(lock.acquire());
    });
    await untilWaiting(2);
    expect(circles()).toHaveLength(1);
    expect(circles()[0]?.split(",").toSorted()).toEqual([
      "holder > coroutine waiter",
      "waiter > lock",
    ]);
    holder.cancel();
    await Promise.allSettled([holder.result]);
    expect(waits()).toEqual(["waiter: permit of lock"]);
    waiter.cancel();
  });

  it("takes no select for stuck, as another arm may end it", async () => {
    const [a, b] = [mutex({ name: "a" }), mutex({ name: "b" })];
    const stop = channel<number>({ name: "stop" });
    const crossing = (name: string, first: Mutex, second: Mutex): void => {
      void asTask(name, async () => {
        using permit = await first.acquire();
        await turn();
        await select([acquiring(second), stop.receiving()]);
        return permit;
      });
    };
    crossing("one", a, b);
    crossing("two", b, a);
    await untilWaiting(4);
    expect(circles()).toEqual([]);
    expect(waits().toSorted()).toEqual([
      "one: permit of b",
      "one: value of stop",
      "two: permit of a",
      "two: value of stop",
    ]);
    expect(watched.report().toString()).toContain("permit of b, as one arm of a select\n");
    stop.close();
    expect(watched.report().waits).toEqual([]);
  });
});
