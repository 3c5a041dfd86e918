/** What a worker tells, and when, while the pool is patient. */
import { ringSlots } from "@quintet/pool";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BothEnds } from "../test/both-ends.ts";

let ends: BothEnds;

beforeEach(() => {
  ends = new BothEnds();
});

afterEach(() => ends.answers.close());

/** What the caller knows: up to where is completed, and whether the run there was started. */
const known = (): [completed: number, started: boolean] => {
  const { completed } = ends.caller;
  return [completed, ends.caller.hasStarted(completed)];
};

const runAll = (first: number, end: number): void => {
  for (let position = first; position < end; position++) ends.run(position);
};

it("a worker tells of half of what it holds, then of half of the rest, then that there is no more", () => {
  ends.give(64);
  const told: number[] = [];
  for (let position = 0; position < 64; position++) {
    ends.run(position);
    const { writes } = ends;
    ends.reply();
    if (writes > told.length) told.push(ends.caller.completed);
  }
  ends.worker.ring(64, true);
  ends.reply();
  told.push(ends.caller.completed);
  expect(told).toEqual([32, 48, 56, 64]);
  expect(ends.caller.valueAt(63)).toBe("answer to 63");
  expect(ends.caller.numberAt(7)).toBe(3.5);
});

it("a worker tells of each again, once the pool is not patient", () => {
  ends.give(4);
  ends.caller.hear(0, 1);
  ends.caller.put(4, { task: 1, attempt: 1, wishes: 0, window: 0, number: 1 }, 4, false);
  ends.caller.submit(5);
  ends.deliver();
  runAll(0, 3);
  expect(ends.writes).toBe(3);
});

it("answers go around the ring", () => {
  for (let first = 0; first < 2.5 * ringSlots; first += 1_000) {
    ends.give(1_000);
    runAll(first, first + 1_000);
    ends.worker.ring(first + 1_000, true);
    ends.reply();
    expect(ends.caller.completed).toBe(first + 1_000);
  }
});

it("what the file holds when a worker ends is read, and the run that was started is known", () => {
  ends.give(64);
  runAll(0, 5);
  ends.worker.start(5);
  ends.reply();
  expect(known()).toEqual([0, false]);
  ends.exit();
  expect(known()).toEqual([5, true]);
  expect([ends.caller.valueAt(4), ends.caller.hasStarted(6)]).toEqual(["answer to 4", false]);
});

it("a worker that ends before it started anything has started nothing", () => {
  ends.give(64);
  ends.exit();
  expect(known()).toEqual([0, false]);
});

it("an answer that was not told when the worker ended leaves its run the one that ran", () => {
  ends.give(64);
  runAll(0, 5);
  ends.exit();
  expect(known()).toEqual([4, true]);
});

it("a long run holds back none before it: they are looked for, and so is its start", async () => {
  ends.give(64);
  runAll(0, 5);
  ends.worker.start(5);
  await ends.clock.advance(1);
  ends.recall();
  ends.replyOfOther();
  expect(known()).toEqual([5, true]);
  // Those that are out are told of one by one now.
  ends.end(5);
  ends.run(6);
  ends.reply();
  expect(known()).toEqual([6, true]);
});

it("nobody looks while answers come, or when there is nothing to be told", async () => {
  ends.give(32);
  runAll(0, 17);
  ends.reply();
  await ends.clock.advance(1);
  ends.recall();
  runAll(17, 20);
  ends.reply();
  expect(known()).toEqual([16, true]);
  runAll(20, 32);
  ends.worker.ring(32, true);
  ends.reply();
  await ends.clock.advance(10);
  ends.recall();
  ends.give(32);
  runAll(32, 36);
  ends.reply();
  expect(known()).toEqual([32, false]);
});

it("what is looked for at the same moment as it is written, is told", async () => {
  ends.give(64);
  runAll(0, 5);
  await ends.clock.advance(1);
  ends.recall();
  // The other thread saw four answers.
  ends.worker.start(5);
  ends.replyOfOther();
  ends.reply();
  expect(known()).toEqual([5, true]);
});

it("a look that is there before what was told earlier, is made good for by that", async () => {
  ends.give(64);
  ends.run(0);
  ends.run(1, "x".repeat(64));
  ends.run(2);
  ends.run(3);
  await ends.clock.advance(1);
  ends.recall();
  ends.replyOfOther();
  expect(ends.caller.completed).toBe(1);
  ends.reply();
  expect(ends.caller.completed).toBe(3);
});

it("an answer that does not fit into the file goes the other way, in order", () => {
  ends.give(64);
  ends.run(0);
  ends.run(1, "x".repeat(64));
  ends.run(2);
  ends.reply();
  expect(known()).toEqual([2, true]);
  expect(ends.caller.valueAt(1)).toBe("x".repeat(64));
});

it("a run that is passed over is told in its order", () => {
  ends.give(64);
  ends.run(0);
  ends.caller.recall(1);
  ends.recall();
  expect(ends.worker.start(1)).toBe(false);
  ends.worker.complete(1);
  ends.run(2);
  runAll(3, 5);
  ends.exit();
  expect(ends.passed).toEqual([1]);
  expect(known()).toEqual([4, true]);
});

it("a message comes after the answers before it, and how a run ended together with the next start", () => {
  ends.give(64);
  runAll(0, 3);
  ends.worker.start(3);
  ends.worker.report(Buffer.from("an item"));
  ends.worker.tell();
  ends.worker.writeMessage(3);
  ends.worker.report(Buffer.from("the end"));
  ends.worker.complete(3);
  expect(ends.writes).toBe(1);
  expect(ends.worker.unheard).toBe(true);
  ends.worker.start(4);
  expect(ends.writes).toBe(2);
  ends.reply();
  expect(ends.messages).toEqual([3, 3]);
});

it("a worker that waits for a run tells nothing: what was before that is in the file", () => {
  ends.give(64);
  ends.run(0);
  expect(ends.worker.unheard).toBe(true);
  ends.worker.start(1);
  expect(ends.worker.unheard).toBe(false);
  expect(ends.writes).toBe(0);
});

it("a run that was to tell when it is called tells so at once", () => {
  ends.give(64);
  runAll(0, 2);
  ends.worker.start(2);
  ends.worker.run(2);
  ends.reply();
  expect([ends.caller.completed, ends.caller.isRunning(2)]).toEqual([2, true]);
});
