import { type Position, Ring, ringSlots, type RunOrder } from "@quintet/pool";
import { expect, it } from "vitest";
import { CallerRing, putRuns } from "./caller-ring.ts";
import { Claims } from "./claims.ts";
import { Frame, type FrameContent, FrameReader, FrameWriter } from "./frames.ts";
import { TaskRing } from "./task-ring.ts";

const order: RunOrder = { task: 7, attempt: 2, wishes: 3, window: 64, number: 2 ** 40 + 1 };

interface BothEnds {
  readonly caller: CallerRing;
  readonly worker: TaskRing;
  /** Positions of which the worker said that they were passed over. */
  readonly passed: Position[];
  /** Lets the runs that the caller wrote arrive, its recalls, or what the worker has flushed. */
  readonly deliver: () => void;
  readonly recall: () => void;
  readonly reply: () => void;
}

function bothEnds(): BothEnds {
  const down = new FrameWriter();
  const recalls = new FrameWriter();
  const up = new FrameWriter();
  const caller = new CallerRing(down, recalls, () => {});
  const memory = new Ring();
  const claims = new Claims(new Int32Array(new SharedArrayBuffer(4 * ringSlots)));
  const written: Buffer[] = [];
  const flush = (): void => up.flush((bytes) => written.push(Buffer.from(bytes)));
  const worker = new TaskRing(memory.buffer, claims, up, flush);
  const passed: Position[] = [];
  const takeDown = (kind: number, content: FrameContent): void => {
    if (kind === Frame.runs) worker.submit(putRuns(worker, content));
    else if (kind === Frame.cancel) memory.cancel(content.integer());
    else claims.revoke(content.integer());
  };
  const takeUp = (kind: number, content: FrameContent): void => {
    if (kind === Frame.answer) caller.answered(content);
    else if (kind === Frame.started) caller.begun(content);
    else passed.push(content.integer());
  };
  return {
    caller,
    worker,
    passed,
    recall: () => new FrameReader(takeDown).push(Buffer.concat(recalls.take())),
    deliver() {
      new FrameReader(takeDown).push(Buffer.concat(down.take()));
    },
    reply() {
      const reader = new FrameReader(takeUp);
      for (const bytes of written.splice(0)) reader.push(bytes);
    },
  };
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
  const ends = bothEnds();
  const { caller, worker } = ends;
  for (const position of [0, 1]) caller.put(position, order, 1, false);
  caller.submit(2);
  caller.cancel(1);
  for (const which of arrivals) ends[which]();
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
