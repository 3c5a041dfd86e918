import { setImmediate as turn } from "node:timers/promises";
import { virtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { MemoryQueue } from "./memory-queue.ts";
import { MemoryRepeats } from "./memory-repeats.ts";
import type { Envelope } from "../transport/protocol.ts";

const envelope: Envelope = { v: 1, task: "test", to: null, at: 0, items: [{ n: 0, input: 0 }] };

it("sends a job in its rhythm, one at a time, and leaves out what nobody could run in time", async () => {
  const clock = virtualClock();
  const queue = new MemoryQueue(clock);
  const repeats = new MemoryRepeats(queue, clock);
  const times: number[] = [];
  const consumer = {
    hasRoom: true,
    take: (job: Parameters<typeof queue.lose>[0]) => {
      times.push(clock.now());
      queue.finish(job, { type: "done" });
    },
  };
  const pass = async (steps: number): Promise<void> => {
    for (let step = 0; step < steps; step++) {
      await turn();
      await clock.advance(5);
    }
    await turn();
  };
  queue.join(consumer);
  repeats.set("tick", { every: 10 }, envelope, 1);
  await pass(4);
  expect(times).toEqual([0, 10, 20]);
  queue.leave(consumer);
  await pass(5); // nobody takes what was due at 30
  queue.join(consumer);
  await pass(3);
  expect(times).toEqual([0, 10, 20, 45, 50, 60]);
  repeats.set("tick", { every: 1_000 }, envelope, 1);
  await pass(4);
  expect(times).toEqual([0, 10, 20, 45, 50, 60, 60]);
  expect(repeats.delete("tick")).toBe(true);
  expect(repeats.delete("tick")).toBe(false);
  await pass(1);
  await clock.advance(5_000);
  expect(times).toHaveLength(7);
});
