import { RunBatch, TaskRun } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { echo } from "../../test/fake-transport.ts";
import { Lane } from "./lane.ts";
import { type Position, ringSlots } from "../transport/ring-memory.ts";

const owner = { name: "pool", abort() {}, completed() {} };

const run = (input: unknown, priority = 0): TaskRun =>
  new TaskRun(owner, { method: "run", task: echo, input }, { priority });

const batch = (inputs: readonly unknown[]): RunBatch =>
  new RunBatch(owner, { task: echo, inputs, options: {}, onCompleted() {}, onSettled() {} }, 0);

/** A lane, and where it made runs of their own of those in a batch. */
function lane(start: Position = 0): { lane: Lane; promoted: Position[] } {
  const promoted: Position[] = [];
  const promote = (of: RunBatch, offset: number, position: Position): TaskRun => {
    promoted.push(position);
    return of.promote(offset);
  };
  return { lane: new Lane(promote, start), promoted };
}

const inputs = (of: Lane): unknown[] => [...of].map(({ input }) => input);

/** At the beginning, in the middle of a slot table, and just before positions wrap around. */
const starts = [0, ringSlots - 2, 2 ** 31 - 2, -2];

describe.each(starts)("a lane that begins at %i", (start) => {
  const after = (count: number): Position => (start + count) | 0;

  it("holds runs in the order they were given", () => {
    const { lane: runs } = lane(start);
    expect([1, 2, 3, 4].map((n) => runs.push(run(n)))).toEqual([0, 1, 2, 3].map(after));
    expect(inputs(runs)).toEqual([1, 2, 3, 4]);
    expect([runs.size, runs.head, runs.tail]).toEqual([4, start, after(4)]);
    expect(runs.first()?.input).toBe(1);
    expect(runs.at(after(2))?.input).toBe(3);
  });

  it("passes over those that were dropped", () => {
    const { lane: runs } = lane(start);
    for (const n of [1, 2, 3, 4]) runs.push(run(n));
    runs.drop(start);
    runs.drop(after(2));
    expect(inputs(runs)).toEqual([2, 4]);
    expect(runs.size).toBe(2);
    expect(runs.first()?.input).toBe(2);
    expect(runs.at(start)).toBeUndefined();
  });

  it("lets go of the head, whether it was dropped or not", () => {
    const { lane: runs } = lane(start);
    for (const n of [1, 2, 3]) runs.push(run(n));
    runs.drop(start);
    const sizes = [1, 2, 3].map(() => {
      runs.shift();
      return runs.size;
    });
    expect(sizes).toEqual([2, 1, 0]);
    expect([runs.head, runs.first()]).toEqual([runs.tail, undefined]);
  });

  it("has no room while its slots are not passed, also when all in them were dropped", () => {
    const { lane: runs } = lane(start);
    for (let n = 0; n < ringSlots; n++) {
      expect(runs.room).toBe(ringSlots - n);
      const position = runs.push(run(n));
      if (n > 0) runs.drop(position);
    }
    expect([runs.room, runs.size, runs.first()?.input]).toEqual([0, 1, 0]);
    runs.shift();
    expect([runs.room, runs.size, runs.first()]).toEqual([1, 0, undefined]);
  });

  it("goes around without mixing up who is in a slot", () => {
    const { lane: runs } = lane(start);
    for (const n of [0, 1]) runs.push(run(n));
    for (let n = 2; n < 3 * ringSlots; n++) {
      runs.push(run(n));
      expect(runs.first()?.input).toBe(n - 2);
      runs.shift();
    }
    expect(inputs(runs)).toEqual([3 * ringSlots - 2, 3 * ringSlots - 1]);
  });
});

it("is walked as it was when the walk began", () => {
  const { lane: runs } = lane();
  for (const n of [1, 2]) runs.push(run(n));
  const seen: unknown[] = [];
  for (const { input } of runs) {
    seen.push(input);
    runs.push(run("later"));
  }
  expect(seen).toEqual([1, 2]);
});

it("keeps nothing of what it let go", () => {
  const { lane: runs } = lane();
  runs.push(run(1));
  runs.push(run(2));
  runs.drop(1);
  runs.shift();
  expect([runs.entry(0), runs.entry(1)]).toEqual([undefined, undefined]);
});

it("knows whether what waits behind the first is below a priority", () => {
  const { lane: runs } = lane();
  runs.push(run("dropped", -9));
  runs.push(run("first", 0));
  for (const priority of [5, 3]) runs.push(run(priority, priority));
  runs.drop(0);
  expect([3, 4].map((priority) => runs.holdsBelow(priority))).toEqual([false, true]);
});

describe("a batch", () => {
  it("stays one until one of its runs is asked for, which is made once", () => {
    const { lane: runs, promoted } = lane();
    const of = batch(["a", "b", "c"]);
    for (const offset of [0, 1, 2]) runs.push(of, offset);
    expect([runs.entry(1), runs.offset(1), promoted]).toEqual([of, 1, []]);
    const b = runs.at(1);
    expect(b?.input).toBe("b");
    expect([runs.at(1), runs.entry(1)]).toEqual([b, b]);
    expect(promoted).toEqual([1]);
  });

  it("can be made runs of their own, all that are here and no others", () => {
    const { lane: runs, promoted } = lane();
    const [one, other] = [batch(["a", "b"]), batch(["c"])];
    runs.push(one, 0);
    runs.push(other, 0);
    runs.push(one, 1);
    runs.promoteAll(one);
    expect(promoted).toEqual([0, 2]);
    expect(runs.entry(1)).toBe(other);
  });
});
