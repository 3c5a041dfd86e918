import { setImmediate as turn } from "node:timers/promises";
import type { TaskContext, TaskFunction } from "@quintet/core";
import { encodeThrown } from "@quintet/core/kit";
import { describe, expect, it, vi } from "vitest";
import {
  Order,
  Report,
  Wish,
  wakeUp,
  type WorkerOrder,
  type WorkerReport,
} from "../codec/protocol.ts";
import { nextPosition, type Position, ringSlots } from "../transport/ring-memory.ts";
import { Ring } from "../transport/ring.ts";
import { ValueKind } from "../codec/slot-values.ts";
import { TaskRunner, type TaskRunnerOptions } from "./task-runner.ts";

type Shared = Record<string, unknown>;
const shared: Shared = ((globalThis as Shared)["taskRunnerTest"] ??= {}) as Shared;

interface PutOptions {
  readonly input?: unknown;
  readonly wishes?: number;
  readonly window?: number;
  /** The run's own id. */
  readonly id?: string;
}

/** A runner, the caller's end of its ring, what it said, and what is on its way to it. */
function runner(options: TaskRunnerOptions = {}) {
  const ring = new Ring();
  /** No time passes while it naps. */
  ring.park = () => {
    counts.naps++;
    return false;
  };
  /** Called before it says that it listens. */
  const hooks = { listen: (): void => {} };
  ring.listen = (position) => {
    hooks.listen();
    const listens = Ring.prototype.listen.call(ring, position);
    if (listens) counts.listens++;
    return listens;
  };
  const said: WorkerReport[] = [];
  const inbox: (WorkerOrder | { readonly unreadable: unknown })[] = [];
  const counts = { bells: 0, exits: 0, listens: 0, naps: 0, yields: 0, memory: 0 };
  let reaped: Position = 0;
  let tail: Position = 0;
  /** An answer in the ring reads like a report. */
  const reap = (): void => {
    for (; reaped !== ring.completed; reaped = nextPosition(reaped)) {
      if (ring.hasStarted(reaped) && ring.answer(reaped) !== ValueKind.message)
        said.push([Report.done, reaped, ring.numberAt(reaped), ring.valueAt(reaped)]);
    }
  };
  const send = (report: WorkerReport): void => {
    const received = structuredClone(report);
    reap();
    if (received === wakeUp) counts.bells++;
    else said.push(received);
  };
  const take = (): WorkerOrder | undefined => {
    const next = inbox.shift();
    if (typeof next === "object" && "unreadable" in next) throw next.unreadable;
    return next;
  };
  const later = (call: () => void): void => {
    counts.yields++;
    setImmediate(call);
  };
  const port = { send, take, later, exit: () => void counts.exits++, memory: () => counts.memory };
  const worker = new TaskRunner(port, ring, options);
  const tasks = new Map<string, number>();
  /** Puts a run of a function in the ring, and what belongs to it on its way. */
  const put = (call: TaskFunction, { input, wishes = 0, window = 0, id }: PutOptions = {}) => {
    const source = String(call);
    const task = tasks.get(source) ?? tasks.size;
    const position = tail;
    if (!tasks.has(source)) {
      tasks.set(source, task);
      inbox.push([Order.register, task, `inline.t${task}`, { kind: "inline", source }, "pool"]);
    }
    const order = { task, wishes, window, attempt: 1, number: 100 + position };
    if (!ring.put(position, order, input, id !== undefined))
      inbox.push([Order.input, position, input, id, undefined]);
    tail = nextPosition(tail);
    return position;
  };
  /** Lets the runner see what was put, and hands over what is on its way. */
  const go = (...orders: WorkerOrder[]): void => {
    if (ring.submit(tail)) inbox.push(wakeUp);
    inbox.push(...orders);
    while (inbox.length > 0) {
      try {
        worker.receive(take() as WorkerOrder);
      } catch (error) {
        worker.unreadable(error);
      }
    }
  };
  /** What it said since the last look. */
  const seen = (): Exclude<WorkerReport, typeof wakeUp>[] => {
    reap();
    return said.splice(0) as never;
  };
  const cancel = (position: Position, reason: unknown): void => {
    ring.cancel(position);
    go([Order.cancel, position, encodeThrown(reason, () => true)]);
  };
  /** Until it listens. */
  const idle = async (): Promise<void> => {
    while (counts.listens === 0) await turn();
  };
  return { worker, ring, port, inbox, counts, hooks, put, go, seen, cancel, idle };
}

const context = (): TaskContext => shared["context"] as TaskContext;

/** A report without its duration. */
const brief = ([kind, position, , value]: readonly unknown[]): unknown[] => [kind, position, value];

it("says that it is ready, before anything else", () => {
  expect(runner().seen()).toEqual([[Report.ready]]);
});

it("runs tasks one after the other, in the order they came", async () => {
  const { put, go, seen } = runner();
  put(
    async (n: number): Promise<number> => {
      await Promise.resolve();
      return n;
    },
    { input: 1 },
  );
  put((n: number) => n, { input: 2 });
  go();
  await turn();
  expect(seen().map(brief)).toEqual([
    [Report.ready, undefined, undefined],
    [Report.done, 0, 1],
    [Report.done, 1, 2],
  ]);
});

it("passes over a run that was taken back", async () => {
  const { ring, put, go, seen } = runner();
  put(() => "a");
  put(() => "b");
  put(() => "c", { input: {} });
  put((input) => input, { input: { mine: true } });
  ring.revoke(0);
  ring.revoke(2);
  go();
  await turn();
  expect(seen().slice(1).map(brief)).toEqual([
    [Report.done, 1, "b"],
    [Report.done, 3, { mine: true }],
  ]);
  expect(ring.completed).toBe(4);
});

it("says that a function is called when it is, and only where that is asked for", async () => {
  const { ring, put, go, seen } = runner();
  const isRunning = (position: number): boolean =>
    (globalThis as unknown as { taskRunnerTest: { ring: Ring } }).taskRunnerTest.ring.isRunning(
      position,
    );
  shared["ring"] = ring;
  put(isRunning, { input: 0, wishes: Wish.started });
  put(isRunning, { input: 1 });
  go();
  expect([ring.hasStarted(0), ring.isRunning(0)]).toEqual([true, false]); // its code is being loaded
  await turn();
  expect(seen().slice(1).map(brief)).toEqual([
    [Report.done, 0, true],
    [Report.done, 1, false],
  ]);
});

it("reports what a task throws, whatever it is, and goes on", async () => {
  const { put, go, seen } = runner();
  put(() => {
    throw null;
  });
  put(() => Promise.reject(new RangeError("no")));
  put(() => "fine");
  go();
  await turn();
  const [, first, second, third] = seen();
  const nothing = { kind: "value", value: null };
  expect(first).toMatchObject([Report.failed, 0, expect.any(Number), nothing]);
  expect(second?.[3]).toMatchObject({ class: "RangeError", message: "no" });
  expect(third).toMatchObject([Report.done, 2, expect.any(Number), "fine"]);
});

it("fails a task whose source makes no sense, and goes on", async () => {
  const { put, go, seen } = runner();
  put("(" as unknown as TaskFunction);
  put(() => "fine");
  go();
  await turn();
  const [, first, second] = seen();
  expect(first?.[3]).toMatchObject({ class: "TaskLoadError" });
  expect(second?.[3]).toBe("fine");
});

it("waits with a run for what it has not been told of the task", async () => {
  const { inbox, put, go, seen } = runner();
  put(() => "told");
  const [told] = inbox.splice(0);
  go();
  await turn();
  expect(seen()).toEqual([[Report.ready]]);
  go(told as WorkerOrder);
  await turn();
  expect(seen().map(brief)).toEqual([[Report.done, 0, "told"]]);
});

it("takes no notice of orders it does not know, or that are for no task that runs", async () => {
  const { put, go, seen } = runner();
  put(() => "fine");
  go(
    [99, 1] as unknown as WorkerOrder,
    [Order.cancel, 5, { kind: "value", value: "no" }],
    [Order.grant, 5, 3],
  );
  await turn();
  expect(seen().at(-1)).toMatchObject([Report.done, 0, expect.any(Number), "fine"]);
});

it("ends when it is told to", () => {
  const { counts, go } = runner();
  go([Order.close]);
  expect(counts.exits).toBe(1);
});

it("gives a run the id it has of its own, or one made of the executor's name and its number", async () => {
  const { put, go, seen } = runner();
  put((_: unknown, { id }: TaskContext) => id);
  put((_: unknown, { id }: TaskContext) => id, { id: "mine" });
  go();
  await turn();
  expect(seen().slice(1).map(brief)).toEqual([
    [Report.done, 0, "pool#100"],
    [Report.done, 1, "mine"],
  ]);
});

describe("an input that comes by message", () => {
  it("is taken out of the port, without waiting for the event loop", async () => {
    const { worker, inbox, ring, put, seen } = runner();
    put((input) => input, { input: [1] });
    put((input) => input, { input: [2] });
    ring.submit(2);
    worker.receive(inbox.shift() as WorkerOrder);
    await turn();
    expect(inbox).toHaveLength(0);
    expect(seen().slice(1).map(brief)).toEqual([
      [Report.done, 0, [1]],
      [Report.done, 1, [2]],
    ]);
  });

  it("is waited for, and then the run goes on where it stood", async () => {
    const { inbox, put, go, seen } = runner();
    put((input) => input, { input: [1] });
    put(() => "after");
    const [register, input, ...others] = inbox.splice(0);
    go(register as WorkerOrder, ...(others as WorkerOrder[]));
    await turn();
    expect(seen()).toEqual([[Report.ready]]);
    go(input as WorkerOrder);
    await turn();
    expect(seen().map(brief)).toEqual([
      [Report.done, 0, [1]],
      [Report.done, 1, "after"],
    ]);
  });

  it("and cannot be read fails its own run, and the next one gets its own", async () => {
    const { inbox, put, go, seen } = runner();
    put(() => "never", { input: [1] });
    put((input) => input, { input: [2] });
    inbox[1] = { unreadable: new Error("garbled") };
    go();
    await turn();
    const [, failed, done] = seen();
    expect(failed).toMatchObject([
      Report.failed,
      0,
      expect.any(Number),
      { properties: { code: { value: "NOT_CLONEABLE" } } },
    ]);
    expect(done?.[3]).toEqual([2]);
  });
});

describe("an answer", () => {
  it("goes by message where it does not fit in the ring, and stays in its place among the others", async () => {
    const { put, go, seen, ring } = runner();
    const outputs = [1, { a: 1 }, "two", null, [3], undefined, 10n];
    for (const output of outputs) put((input) => input, { input: output });
    go();
    await turn();
    expect(seen().slice(1).map(brief)).toEqual(
      outputs.map((output, position) => [Report.done, position, output]),
    );
    expect(outputs.map((_, position) => ring.answer(position) === ValueKind.message)).toEqual(
      outputs.map(
        (output) => typeof output === "bigint" || (output !== null && typeof output === "object"),
      ),
    );
  });

  it("goes by message after the task's own messages, which it must not overtake", async () => {
    const { put, go, seen, ring } = runner();
    put((_: unknown, given: TaskContext) => {
      given.progress("half");
      return "plain";
    });
    go();
    await turn();
    expect(ring.answer(0)).toBe(ValueKind.message);
    expect(seen().slice(1).map(brief)).toEqual([
      [Report.progress, 0, undefined],
      [Report.done, 0, "plain"],
    ]);
  });

  it("rings for the caller once, until it is heard", async () => {
    const { counts, put, go, ring } = runner();
    const run = async (): Promise<void> => {
      for (let n = 0; n < 3; n++) put(() => 1);
      go();
      await turn();
    };
    await run();
    expect(counts.bells).toBe(1);
    await run();
    expect(counts.bells).toBe(1);
    ring.hear(ring.completed, nextPosition(ring.completed));
    await run();
    expect(counts.bells).toBe(2);
  });

  it("by message wakes a caller that is blocked, who cannot see the message", async () => {
    const { ring, put, go, idle, counts } = runner();
    const make = (): unknown => ({});
    put(make);
    go();
    await idle();
    const wait = Atomics.wait as (cells: Int32Array, ...rest: number[]) => string;
    const outcomes: string[] = [];
    const spy = vi.spyOn(Atomics, "wait").mockImplementation((cells, index, value) => {
      put(make);
      go();
      outcomes.push(wait(cells as unknown as Int32Array, index, Number(value), 0));
      return "ok";
    });
    ring.block(ring.completed, 50);
    spy.mockRestore();
    expect(outcomes).toEqual(["not-equal"]);
    expect(counts.bells).toBe(0);
  });

  it("carries how long the function ran, without the time its code was loaded or it waited in the ring", async () => {
    const { put, go, seen } = runner();
    const busy = (length: number): void => {
      for (const end = performance.now() + length; performance.now() < end;);
    };
    put(busy, { input: 3 });
    put(busy, { input: 0 });
    go();
    await turn();
    const [, long, short] = seen() as unknown as [unknown, number[], number[]];
    expect(long[2]).toBeGreaterThanOrEqual(3);
    expect(short[2]).toBeLessThan(3);
  });
});

describe("the event loop", () => {
  it("has its turn among tasks that need no waiting", async () => {
    const { port, put, go, seen } = runner();
    const busy = (): void => {
      for (const end = performance.now() + 3; performance.now() < end;);
    };
    for (let n = 0; n < 4; n++) put(busy);
    /** How many had ended when others first had their turn, and since; it says first that it is ready. */
    let before: number | undefined;
    let since = 0;
    port.later = (call) => {
      before ??= seen().length - 1;
      setImmediate(call);
    };
    go();
    while ((before ?? 0) + since < 4) {
      await turn();
      if (before !== undefined) since += seen().length;
    }
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(4);
  });

  it("is left to others when nothing is left to do, except to what was submitted just before", async () => {
    const { ring, hooks, put, go, seen, idle } = runner();
    hooks.listen = () => {
      hooks.listen = () => {};
      put(() => "just in time");
      expect(ring.submit(2)).toBe(false); // so no message will come
    };
    put(() => "first");
    go();
    await idle();
    expect(seen().slice(1).map(brief)).toEqual([
      [Report.done, 0, "first"],
      [Report.done, 1, "just in time"],
    ]);
  });

  it("is not left to others before a worker that ran out of tasks has looked for messages, and for runs", async () => {
    const { ring, port, put, go, seen, idle } = runner();
    const { take } = port;
    const steps: string[] = [];
    port.take = () => {
      const order = take();
      if (order === undefined) steps.push("no message");
      return order;
    };
    ring.park = (position) => {
      steps.push(`nap at ${position}`);
      if (position > 1) return false;
      put(() => "found");
      return !ring.submit(2);
    };
    put(() => "first");
    go();
    await idle();
    expect(steps.slice(0, 2)).toEqual(["no message", "nap at 1"]);
    expect(seen().slice(1).map(brief)).toEqual([
      [Report.done, 0, "first"],
      [Report.done, 1, "found"],
    ]);
  });

  it.each([
    ["once", {}, 1],
    ["twenty times, for longer", { naps: "long" }, 20],
  ] as const)(
    "has its turn after each nap of a worker, which naps %s",
    async (_, options, most) => {
      const { counts, put, go, idle } = runner(options);
      put(() => 1);
      go();
      await idle();
      expect(counts).toMatchObject({ naps: most, yields: most });
    },
  );

  it("is left to others at once by a worker that does not nap", async () => {
    const { counts, put, go, idle } = runner({ naps: "none" });
    put(() => 1);
    go();
    await idle();
    expect(counts).toMatchObject({ listens: 1, naps: 0 });
  });

  it("is left to others at once by a worker that never had a task", () => {
    const { counts, go } = runner();
    go(wakeUp);
    expect(counts).toMatchObject({ listens: 1, naps: 0 });
  });
});

describe("what cannot travel", () => {
  it("fails the task whose output it is, naming the property", async () => {
    const { put, go, seen } = runner();
    put(() => ({ a: { b: () => 1 } }));
    put(() => "fine");
    go();
    await turn();
    const [, failed, done] = seen();
    expect(failed?.[3]).toMatchObject({ properties: { path: { value: "output.a.b" } } });
    expect(done?.[3]).toBe("fine");
  });

  it("is thrown into the task that reports it as progress, which may go on", async () => {
    const { put, go, seen } = runner();
    const task = (_: void, given: TaskContext): unknown => {
      try {
        given.progress({ f: () => 1 });
      } catch (error) {
        return (error as { path: string }).path;
      }
      return "nothing";
    };
    put(task);
    go();
    await turn();
    expect(seen().at(-1)?.[3]).toBe("progress.f");
  });

  it("ends the generator that yields it", async () => {
    const { put, go, seen } = runner();
    const task = function* (): Generator {
      yield 1;
      yield () => 2;
    };
    put(task, { wishes: Wish.items, window: 9 });
    go();
    await turn();
    const [, item, failed] = seen();
    expect(item).toEqual([Report.item, 0, 1]);
    expect(failed?.[3]).toMatchObject({ properties: { path: { value: "item" } } });
  });

  it("is told in place of what is thrown", async () => {
    const { put, go, seen } = runner();
    put(() => {
      throw Symbol("odd");
    });
    go();
    await turn();
    expect(seen().at(-1)?.[3]).toMatchObject({ class: "TypeError" });
  });
});

describe("a cancel", () => {
  it("aborts the signal with the reason; the task that rethrows it is told to have yielded", async () => {
    const { put, go, seen, cancel } = runner();
    const task = (_: void, { signal }: TaskContext): Promise<never> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      });
    put(task);
    go();
    await turn();
    cancel(0, "enough");
    await turn();
    expect(seen().at(-1)?.[0]).toBe(Report.cancelled);
  });

  it("is seen in the ring by a task that never lets the message in", async () => {
    const { ring, put, go, seen } = runner();
    shared["cancel"] = () => ring.cancel(0);
    const task = (_: void, given: TaskContext): boolean[] => {
      const before = given.cancelled;
      (globalThis as unknown as { taskRunnerTest: { cancel(): void } }).taskRunnerTest.cancel();
      return [before, given.cancelled];
    };
    put(task);
    go();
    await turn();
    expect(seen().at(-1)?.[3]).toEqual([false, true]);
  });

  it("that comes while the code is loaded keeps the function from being called", async () => {
    const { put, go, seen, cancel } = runner();
    shared["called"] = false;
    put(() => {
      (globalThis as unknown as { taskRunnerTest: Shared }).taskRunnerTest["called"] = true;
    });
    go();
    cancel(0, "enough");
    await turn();
    expect(shared["called"]).toBe(false);
    expect(seen().at(-1)?.[0]).toBe(Report.cancelled);
  });

  it("ends the wait of a generator for its consumer", async () => {
    const { put, go, seen, cancel } = runner();
    const task = function* (): Generator<number> {
      yield 1;
      yield 2;
    };
    put(task, { wishes: Wish.items, window: 1 });
    go();
    await turn();
    cancel(0, "enough");
    await turn();
    expect(seen().map(([kind]) => kind)).toEqual([Report.ready, Report.item, Report.cancelled]);
  });
});

describe("a stream", () => {
  it("sends as many items as it has credits, and more when it is granted more", async () => {
    const { put, go, seen } = runner();
    const task = function* (): Generator<number, string> {
      for (let n = 0; n < 5; n++) yield n;
      return "end";
    };
    put(task, { wishes: Wish.items, window: 2 });
    go();
    await turn();
    expect(seen().slice(1)).toEqual([
      [Report.item, 0, 0],
      [Report.item, 0, 1],
    ]);
    go([Order.grant, 0, 1]);
    await turn();
    expect(seen()).toEqual([[Report.item, 0, 2]]);
    go([Order.grant, 0, 9]);
    await turn();
    expect(seen().map(([kind]) => kind)).toEqual([Report.item, Report.item, Report.done]);
  });
});

describe("the context of a task that has ended", () => {
  it("reports nothing, and does not see the cancel of the next task in its slot", async () => {
    const { ring, put, go, seen, cancel } = runner();
    put((_: void, given: TaskContext) => {
      (globalThis as unknown as { taskRunnerTest: Shared }).taskRunnerTest["context"] = given;
    });
    go();
    await turn();
    for (let position = 1; position < ringSlots; position++) {
      put(() => {});
      ring.revoke(position);
    }
    const next = put(() => new Promise(() => {}));
    expect(next).toBe(ringSlots); // in the slot of the first
    go();
    await turn();
    seen();
    context().progress("late");
    cancel(next, "enough");
    expect(seen()).toEqual([]);
    expect(context().cancelled).toBe(false);
    expect(context().signal.aborted).toBe(false);
  });
});

describe("a worker that is set up", () => {
  const source = "(input) => ({ input })";
  const setUp = [
    Order.setUp,
    "pool",
    ["inline.setup", { kind: "inline", source }],
    7,
    undefined,
    100,
  ] as const;

  it("says so, and gives its tasks what that returned", async () => {
    const { put, go, seen } = runner();
    go(setUp);
    await turn();
    expect(seen()).toEqual([[Report.ready], [Report.setUp, undefined]]);
    put((_: void, given: TaskContext) => given.state);
    put((_: void, given: TaskContext) => (given.state as { input: number }).input);
    go();
    await turn();
    expect(seen().map((report) => report[3])).toEqual([{ input: 7 }, 7]);
  });

  it("looks at its memory after a task, and says that it keeps too much when that lasts", async () => {
    const { put, go, seen, counts } = runner();
    go(setUp);
    await turn();
    counts.memory = 101;
    put(() => 1);
    go();
    await vi.waitFor(() => expect(seen()).toContainEqual([Report.full]));
  });
});
