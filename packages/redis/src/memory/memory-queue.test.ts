import { setImmediate as turn } from "node:timers/promises";
import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import type { MemoryJob } from "./memory-job.ts";
import { MemoryQueue } from "./memory-queue.ts";
import type { OutgoingJob } from "../transport/transport.ts";

const job = (id: string, { level = 1, delay = 0 } = {}): OutgoingJob => ({
  id,
  envelope: { v: 1, task: "test", to: null, at: 0, items: [{ n: 0, input: id }] },
  level,
  delay,
});

/** Takes what it is handed, as long as it has room. */
class Taker {
  readonly taken: MemoryJob[] = [];
  room: number;

  constructor(room: number) {
    this.room = room;
  }

  get hasRoom(): boolean {
    return this.taken.length < this.room;
  }

  take(one: MemoryJob): void {
    this.taken.push(one);
  }

  get ids(): string[] {
    return this.taken.map(({ id }) => id);
  }
}

describe("a queue in memory", () => {
  it("hands jobs over by level, first come first within one, and in a later turn", async () => {
    const queue = new MemoryQueue();
    const taker = new Taker(9);
    queue.join(taker);
    for (const [id, level] of [
      ["a", 2],
      ["b", 1],
      ["c", 2],
      ["d", 1],
    ] as const) {
      queue.add(job(id, { level }));
    }
    expect(taker.ids).toEqual([]);
    await turn();
    expect(taker.ids).toEqual(["b", "d", "a", "c"]);
  });

  it("hands them to those with room in turn", async () => {
    const queue = new MemoryQueue();
    const takers = [new Taker(1), new Taker(9), new Taker(9)];
    for (const taker of takers) queue.join(taker);
    for (let n = 0; n < 5; n++) queue.add(job(`${n}`));
    await turn();
    expect(takers.map(({ ids }) => ids)).toEqual([["0"], ["1", "3"], ["2", "4"]]);
  });

  it("takes one job of an id, and shares nothing with who sent it", async () => {
    const queue = new MemoryQueue();
    const taker = new Taker(9);
    const first = job("a");
    queue.add(first);
    queue.add(job("a", { level: 2 }));
    queue.join(taker);
    await turn();
    expect(taker.taken).toHaveLength(1);
    expect(taker.taken[0]?.fetched).toMatchObject({ data: first.envelope, level: 1 });
    expect(taker.taken[0]?.data).not.toBe(first.envelope);
  });

  it("waits for a job's time, unless it is removed before", async () => {
    const clock = virtualClock();
    const queue = new MemoryQueue(clock);
    const taker = new Taker(9);
    queue.join(taker);
    queue.add(job("late", { delay: 20 }));
    queue.add(job("soon", { delay: 10 }));
    queue.add(job("gone", { delay: 5 }));
    expect(queue.get("late")?.state).toBe("delayed");
    expect(queue.remove("gone")).toBe(true);
    expect(queue.remove("unknown")).toBe(true);
    await clock.advance(15);
    await turn();
    expect(taker.ids).toEqual(["soon"]);
    expect(queue.remove("soon")).toBe(false);
    await clock.advance(5);
    await turn();
    expect(taker.ids).toEqual(["soon", "late"]);
  });

  it("gives a job that came back, or whose worker is gone, to another one, before those behind it", async () => {
    const queue = new MemoryQueue();
    const taker = new Taker(2);
    queue.join(taker);
    for (const id of ["a", "b", "c"]) queue.add(job(id));
    await turn();
    queue.leave(taker);
    const [a, b] = taker.taken as [MemoryJob, MemoryJob];
    queue.finish(b, { type: "back", delay: 0 });
    queue.lose(a);
    const other = new Taker(9);
    queue.join(other);
    await turn();
    expect(other.ids).toEqual(["a", "b", "c"]);
    expect(a.fetched).toMatchObject({ losses: 1, deliveries: 2 });
    expect(b.fetched).toMatchObject({ losses: 0, deliveries: 2 });
  });

  it("keeps what has failed among the dead letters, and the last ones alone", async () => {
    const queue = new MemoryQueue();
    const taker = new Taker(20_000);
    queue.join(taker);
    for (let n = 0; n <= 10_000; n++) queue.add(job(`${n}`));
    await turn();
    for (const one of taker.taken) queue.finish(one, { type: "dead", reason: "it is bad" });
    expect(queue.look("0")).toBe("gone");
    expect(queue.look("1")).toEqual({ failed: "it is bad" });
  });
});
