import { RunBatch, TaskRun } from "@quintet/core/kit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { echo } from "../../test/fake-transport.ts";
import { RunQueue } from "./run-queue.ts";

const owner = { name: "pool", abort() {}, completed() {} };

const runOf = (priority: number): TaskRun =>
  new TaskRun(owner, { method: "run", task: echo, input: priority }, { priority });

describe("runs that were at workers", () => {
  it("come back to where they stood, whichever is back first", () => {
    const priorities = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 12 });
    const plan = priorities.chain((of) =>
      fc.tuple(fc.constant(of), fc.shuffledSubarray([...of.keys()])),
    );
    fc.assert(
      fc.property(plan, ([of, away]) => {
        const queue = new RunQueue();
        for (const priority of of) queue.join(runOf(priority));
        const order = [...queue];
        for (const index of away) expect(queue.leave(order[index]!)).toBe(true);
        for (const index of away.toReversed()) queue.rejoin(order[index]!);
        expect([...queue]).toEqual(order);
      }),
    );
  });

  it("come back before what is left of their batch, and behind what came before it", () => {
    const queue = new RunQueue();
    queue.join(runOf(0));
    const [first] = [...queue];
    const request = { task: echo, inputs: [0, 1, 2, 3], options: {} };
    const batch = new RunBatch(owner, { ...request, onCompleted() {}, onSettled() {} }, 0);
    queue.joinBatch(batch);
    batch.next = 2;
    queue.taken(batch, 2);
    const [a, b] = [0, 1].map((offset) => queue.promote(batch, offset));
    queue.rejoin(b!);
    queue.rejoin(a!);
    expect([...queue].slice(0, 3)).toEqual([first, a, b]);
    expect([...queue].map(({ input }) => input)).toEqual([0, 0, 1, 2, 3]);
  });
});
