import { setImmediate as turn } from "node:timers/promises";
import { encodeThrown } from "@quintet/core/kit";
import type { TaskContext, TaskFunction } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { Board } from "../board.ts";
import {
  Order,
  Report,
  type RunOrder,
  Wish,
  type WorkerOrder,
  type WorkerReport,
} from "../protocol.ts";
import { TaskRunner } from "./task-runner.ts";

type Shared = Record<string, unknown>;
const shared: Shared = ((globalThis as Shared)["taskRunnerTest"] ??= {}) as Shared;

/** A runner with its board, what it reported, and a way to send it runs of inline functions. */
function runner() {
  const reports: WorkerReport[] = [];
  const board = new Board();
  let exits = 0;
  const worker = new TaskRunner(
    { send: (report) => void reports.push(structuredClone(report)), exit: () => void exits++ },
    board,
  );
  let tasks = 0;
  let slots = 0;
  /** The orders that run a function, in a slot of its own unless one is given. */
  const orders = (
    call: TaskFunction,
    {
      input,
      wishes = 0,
      window = 0,
      slot = slots++,
    }: Partial<Record<"input", unknown>> & {
      wishes?: number;
      window?: number;
      slot?: number;
    } = {},
  ): [WorkerOrder, RunOrder] => {
    const task = tasks++;
    return [
      [Order.register, task, `inline.t${task}`, { kind: "inline", source: String(call) }],
      [Order.run, slot, board.send(slot), task, `run-${slot}`, 1, wishes, window, input],
    ];
  };
  /** What was reported since the last look. */
  const seen = (): WorkerReport[] => reports.splice(0);
  return { worker, board, orders, seen, exits: () => exits };
}

const context = (): TaskContext => shared["context"] as TaskContext;

it("says that it is ready, before anything else", () => {
  expect(runner().seen()).toEqual([[Report.ready]]);
});

it("runs tasks one after the other, in the order they came", async () => {
  const { worker, orders, seen } = runner();
  const slow = async (n: number): Promise<number> => {
    await Promise.resolve();
    return n;
  };
  worker.receive([...orders(slow, { input: 1 }), ...orders((n: number) => n, { input: 2 })]);
  await turn();
  expect(seen().map(([kind, slot, , value]) => [kind, slot, value])).toEqual([
    [Report.ready, undefined, undefined],
    [Report.done, 0, 1],
    [Report.done, 1, 2],
  ]);
});

it("passes over a run that was taken back", async () => {
  const { worker, board, orders, seen } = runner();
  const batch = [...orders(() => "a"), ...orders(() => "b")];
  board.revoke(0);
  worker.receive(batch);
  await turn();
  expect(seen().map(([, slot]) => slot)).toEqual([undefined, 1]);
});

it("tells of the start only when asked to", async () => {
  const { worker, orders, seen } = runner();
  worker.receive([...orders(() => 1, { wishes: Wish.started }), ...orders(() => 2)]);
  await turn();
  expect(seen().map(([kind, slot]) => [kind, slot])).toEqual([
    [Report.ready, undefined],
    [Report.started, 0],
    [Report.done, 0],
    [Report.done, 1],
  ]);
});

it("reports what a task throws, whatever it is, and goes on", async () => {
  const { worker, orders, seen } = runner();
  worker.receive([
    ...orders(() => {
      throw null;
    }),
    ...orders(() => Promise.reject(new RangeError("no"))),
    ...orders(() => "fine"),
  ]);
  await turn();
  const [, first, second, third] = seen();
  expect(first).toMatchObject([
    Report.failed,
    0,
    expect.any(Number),
    { kind: "value", value: null },
  ]);
  expect(second?.[3]).toMatchObject({ class: "RangeError", message: "no" });
  expect(third).toMatchObject([Report.done, 2, expect.any(Number), "fine"]);
});

it("fails a task whose source or number makes no sense, and goes on", async () => {
  const { worker, board, orders, seen } = runner();
  const lost: RunOrder = [Order.run, 9, board.send(9), 77, "run", 1, 0, 0, undefined];
  const bad: WorkerOrder = [Order.register, 70, "inline.bad", { kind: "inline", source: "(" }];
  const run: RunOrder = [Order.run, 8, board.send(8), 70, "run", 1, 0, 0, undefined];
  worker.receive([lost, bad, run, ...orders(() => "fine")]);
  await turn();
  const [, first, second, third] = seen();
  expect(first?.[0]).toBe(Report.failed);
  expect(second?.[3]).toMatchObject({ class: "TaskLoadError" });
  expect(third?.[3]).toBe("fine");
});

it("takes no notice of orders it does not know, or that are for no task that runs", async () => {
  const { worker, orders, seen } = runner();
  worker.receive([
    [99, 1] as unknown as WorkerOrder,
    [Order.cancel, 5, { kind: "value", value: "no" }],
    [Order.grant, 5, 3],
    ...orders(() => "fine"),
  ]);
  await turn();
  expect(seen().at(-1)).toMatchObject([Report.done, 0, expect.any(Number), "fine"]);
});

it("ends when it is told to", () => {
  const { worker, exits } = runner();
  worker.receive([[Order.close]]);
  expect(exits()).toBe(1);
});

describe("what cannot travel", () => {
  it("fails the task whose output it is, naming the property", async () => {
    const { worker, orders, seen } = runner();
    worker.receive([...orders(() => ({ a: { b: () => 1 } })), ...orders(() => "fine")]);
    await turn();
    const [, failed, done] = seen();
    expect(failed?.[3]).toMatchObject({ properties: { path: { value: "output.a.b" } } });
    expect(done?.[3]).toBe("fine");
  });

  it("is thrown into the task that reports it as progress, which may go on", async () => {
    const { worker, orders, seen } = runner();
    const task = (_: void, given: TaskContext): unknown => {
      try {
        given.progress({ f: () => 1 });
      } catch (error) {
        return (error as { path: string }).path;
      }
      return "nothing";
    };
    worker.receive(orders(task));
    await turn();
    expect(seen().at(-1)?.[3]).toBe("progress.f");
  });

  it("ends the generator that yields it", async () => {
    const { worker, orders, seen } = runner();
    const task = function* (): Generator {
      yield 1;
      yield () => 2;
    };
    worker.receive(orders(task, { wishes: Wish.items, window: 9 }));
    await turn();
    const [, item, failed] = seen();
    expect(item).toEqual([Report.item, 0, 1]);
    expect(failed?.[3]).toMatchObject({ properties: { path: { value: "item" } } });
  });

  it("is told in place of what is thrown", async () => {
    const { worker, orders, seen } = runner();
    worker.receive(
      orders(() => {
        throw Symbol("odd");
      }),
    );
    await turn();
    expect(seen().at(-1)?.[3]).toMatchObject({ class: "TypeError" });
  });
});

describe("a cancel", () => {
  it("aborts the signal with the reason; the task that rethrows it is told to have yielded", async () => {
    const { worker, board, orders, seen } = runner();
    const task = (_: void, { signal }: TaskContext): Promise<never> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      });
    worker.receive(orders(task));
    await turn();
    board.cancel(0);
    worker.receive([[Order.cancel, 0, encodeThrown("enough", () => true)]]);
    await turn();
    expect(seen().at(-1)?.[0]).toBe(Report.cancelled);
  });

  it("is seen on the board by a task that never lets the message in", async () => {
    const { worker, board, orders, seen } = runner();
    shared["cancel"] = () => board.cancel(0);
    const task = (_: void, given: TaskContext): boolean[] => {
      const before = given.cancelled;
      (globalThis as unknown as { taskRunnerTest: { cancel(): void } }).taskRunnerTest.cancel();
      return [before, given.cancelled];
    };
    worker.receive(orders(task));
    await turn();
    expect(seen().at(-1)?.[3]).toEqual([false, true]);
  });

  it("that comes while the code is loaded keeps the function from being called", async () => {
    const { worker, board, orders, seen } = runner();
    shared["called"] = false;
    worker.receive(
      orders(() => {
        (globalThis as unknown as { taskRunnerTest: Shared }).taskRunnerTest["called"] = true;
      }),
    );
    board.cancel(0);
    worker.receive([[Order.cancel, 0, encodeThrown("enough", () => true)]]);
    await turn();
    expect(shared["called"]).toBe(false);
    expect(seen().at(-1)?.[0]).toBe(Report.cancelled);
  });

  it("ends the wait of a generator for its consumer", async () => {
    const { worker, board, orders, seen } = runner();
    const task = function* (): Generator<number> {
      yield 1;
      yield 2;
    };
    worker.receive(orders(task, { wishes: Wish.items, window: 1 }));
    await turn();
    board.cancel(0);
    worker.receive([[Order.cancel, 0, encodeThrown("enough", () => true)]]);
    await turn();
    expect(seen().map(([kind]) => kind)).toEqual([Report.ready, Report.item, Report.cancelled]);
  });
});

describe("a stream", () => {
  it("sends as many items as it has credits, and more when it is granted more", async () => {
    const { worker, orders, seen } = runner();
    const task = function* (): Generator<number, string> {
      for (let n = 0; n < 5; n++) yield n;
      return "end";
    };
    worker.receive(orders(task, { wishes: Wish.items, window: 2 }));
    await turn();
    expect(seen().slice(1)).toEqual([
      [Report.item, 0, 0],
      [Report.item, 0, 1],
    ]);
    worker.receive([[Order.grant, 0, 1]]);
    await turn();
    expect(seen()).toEqual([[Report.item, 0, 2]]);
    worker.receive([[Order.grant, 0, 9]]);
    await turn();
    expect(seen().map(([kind]) => kind)).toEqual([Report.item, Report.item, Report.done]);
  });
});

describe("the context of a task that has ended", () => {
  it("reports nothing, and does not see the cancel of the next task in its slot", async () => {
    const { worker, board, orders, seen } = runner();
    worker.receive(
      orders((_: void, given: TaskContext) => {
        (globalThis as unknown as { taskRunnerTest: Shared }).taskRunnerTest["context"] = given;
      }),
    );
    await turn();
    board.free(0);
    worker.receive(orders(() => new Promise(() => {}), { slot: 0 }));
    await turn();
    seen();
    context().progress("late");
    board.cancel(0);
    worker.receive([[Order.cancel, 0, encodeThrown("enough", () => true)]]);
    expect(seen()).toEqual([]);
    expect(context().cancelled).toBe(false);
    expect(context().signal.aborted).toBe(false);
  });
});
