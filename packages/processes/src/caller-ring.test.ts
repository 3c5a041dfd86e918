import { ringSlots } from "@quintet/pool";
import { afterEach, expect, it } from "vitest";
import { BothEnds, order } from "../test/both-ends.ts";

const ends: BothEnds[] = [];

afterEach(() => {
  for (const { answers } of ends.splice(0)) answers.close();
});

function bothEnds(): BothEnds {
  const made = new BothEnds();
  ends.push(made);
  return made;
}

it("a run goes out with all that is told of it, and its answer comes back", () => {
  const { caller, worker, deliver, reply } = bothEnds();
  caller.put(0, order, "input", false);
  expect(caller.submit(1)).toBe(false);
  deliver();
  expect(worker.submitted).toBe(1);
  const told = [worker.task(0), worker.attempt(0), worker.wishes(0), worker.window(0)];
  expect(told).toEqual([7, 2, 3, 64]);
  expect([worker.numberAt(0), worker.valueAt(0)]).toEqual([order.number, "input"]);
  expect(worker.start(0)).toBe(true);
  worker.write(0, 1.5, null);
  worker.complete(0);
  worker.ring(1, true);
  reply();
  expect(caller.completed).toBe(1);
  expect([caller.valueAt(0), caller.numberAt(0)]).toEqual([null, 1.5]);
});

it("what is like the one before goes out as its input alone", () => {
  const { caller, worker, deliver } = bothEnds();
  caller.put(0, order, 1, false);
  caller.putAlike(1, 2);
  caller.submit(2);
  deliver();
  expect([worker.isAlike(0), worker.isAlike(1), worker.valueAt(1)]).toEqual([false, true, 2]);
});

it("a run is taken back at once before it goes out, keeps its place, and does not start there", () => {
  const { caller, worker, passed, deliver, reply } = bothEnds();
  caller.put(0, order, 1, false);
  caller.putAlike(1, 2);
  expect(caller.revoke(0)).toBe(true);
  caller.submit(2);
  expect(caller.revoke(1)).toBe(false);
  deliver();
  expect([worker.start(0), worker.start(1)]).toEqual([false, true]);
  worker.complete(0);
  worker.ring(1, true);
  reply();
  expect(passed).toEqual([0]);
});

it("a start is told before anything else happens, together with the answer of the one before", () => {
  const { caller, worker, deliver, reply } = bothEnds();
  caller.put(0, order, 1, false);
  caller.putAlike(1, 2);
  caller.submit(2);
  deliver();
  worker.start(0);
  reply();
  expect([caller.hasStarted(0), caller.hasStarted(1)]).toEqual([true, false]);
  expect(caller.isRunning(0)).toBe(false);
  worker.run(0);
  reply();
  expect(caller.isRunning(0)).toBe(true);
  worker.write(0, 0, "a");
  worker.complete(0);
  reply();
  expect(caller.completed).toBe(0);
  worker.start(1);
  reply();
  expect([caller.completed, caller.hasStarted(1)]).toEqual([1, true]);
});

it("what was answered does not wait for a task that is not there", () => {
  const { caller, worker, deliver, reply } = bothEnds();
  caller.put(0, order, 1, false);
  caller.submit(1);
  deliver();
  worker.start(0);
  worker.write(0, 0, "a");
  worker.complete(0);
  expect(worker.unheard).toBe(true);
  expect(worker.listen(1)).toBe(false);
  worker.ring(1, true);
  expect(worker.listen(1)).toBe(true);
  reply();
  expect(caller.completed).toBe(1);
});

it("a run that was asked back is not started, even where it arrives later than that", () => {
  const { caller, worker, deliver, recall } = bothEnds();
  for (const position of [0, 1]) caller.put(position, order, 1, false);
  caller.submit(2);
  caller.recall(1);
  recall();
  deliver();
  expect([worker.start(0), worker.start(1)]).toEqual([true, false]);
});

it.each([
  ["after", ["deliver", "recall"]],
  ["before", ["recall", "deliver"]],
] as const)("a cancel is seen there, also one that arrives %s its run", (_, arrivals) => {
  const both = bothEnds();
  const { caller, worker } = both;
  for (const position of [0, 1]) caller.put(position, order, 1, false);
  caller.submit(2);
  caller.cancel(1);
  for (const which of arrivals) both[which]();
  expect([worker.isCancelled(0), worker.isCancelled(1)]).toEqual([false, true]);
});

it("a cancel means nothing to the next run in its slot", () => {
  const { caller, worker, deliver, recall } = bothEnds();
  caller.put(0, order, 1, false);
  caller.submit(1);
  caller.cancel(0);
  recall();
  deliver();
  caller.put(ringSlots, order, 1, false);
  expect(worker.isCancelled(ringSlots)).toBe(false);
});
