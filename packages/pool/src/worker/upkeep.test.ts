import { setImmediate as turn } from "node:timers/promises";
import { inline, type Task, type TaskContext } from "@quintet/core";
import { decodeThrown } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { Order, Report, type SetUpOrder, type WorkerReport } from "../codec/protocol.ts";
import { Upkeep } from "./upkeep.ts";

interface Worker {
  readonly upkeep: Upkeep;
  readonly said: WorkerReport[];
  readonly exits: () => number;
}

/** A worker that was told of these. */
async function worker(
  setup?: Task<never, unknown>,
  teardown?: Task<never, unknown>,
  input?: unknown,
): Promise<Worker> {
  const said: WorkerReport[] = [];
  let exits = 0;
  const upkeep = new Upkeep({
    send: (report) => void said.push(structuredClone(report)),
    take: () => undefined,
    later: () => {},
    exit: () => void exits++,
    memory: () => 0,
  });
  const told = (task?: Task<never, unknown>) => task && ([task.id, task.origin] as const);
  const order: SetUpOrder = [Order.setUp, "pool", told(setup), input, told(teardown), Infinity];
  await upkeep.setUp(order);
  return { upkeep, said, exits: () => exits };
}

const thrownIn = (report: WorkerReport | undefined): unknown =>
  decodeThrown((report as [number, never])[1]);

describe("set-up", () => {
  it.each<[string, Task<never, unknown>]>([
    ["what a function returns", inline((input: number) => [input])],
    ["what an async function returns", inline(async (input: number) => [input])],
    [
      "what a generator returns, not what it yields",
      inline(function* (input: number) {
        yield 0;
        return [input];
      }),
    ],
  ])("keeps %s", async (_, setup) => {
    const { upkeep, said, exits } = await worker(setup, undefined, 7);
    expect(upkeep.state).toEqual([7]);
    expect(said).toEqual([[Report.setUp, undefined]]);
    expect(exits()).toBe(0);
  });

  it("keeps what could not travel, itself", async () => {
    const { upkeep } = await worker(inline(() => () => "not cloneable"));
    expect((upkeep.state as () => string)()).toBe("not cloneable");
  });

  it("that throws says so, and ends the worker", async () => {
    const { said, exits } = await worker(inline(() => Promise.reject(new RangeError("no"))));
    expect(said).toHaveLength(1);
    expect(thrownIn(said[0])).toMatchObject({ name: "RangeError", message: "no" });
    expect(exits()).toBe(1);
  });

  it("fails when its tear-down cannot be found", async () => {
    const origin = { kind: "defined", module: "data:text/javascript,export{}" } as const;
    const teardown = Object.assign(() => {}, { id: "no.such", origin }) as Task<never, unknown>;
    const { said } = await worker(
      inline(() => 1),
      teardown,
    );
    expect(thrownIn(said[0])).toMatchObject({ code: "TASK_NOT_FOUND" });
  });

  it("has a context, which nobody cancels and without a state", async () => {
    const setup = inline((_: unknown, context: TaskContext) => {
      context.progress(1);
      return [
        context.id,
        context.attempt,
        context.cancelled,
        context.signal.aborted,
        context.state,
      ];
    });
    const { upkeep } = await worker(setup);
    expect(upkeep.state).toEqual(["pool setup", 1, false, false, undefined]);
  });
});

describe("tear-down", () => {
  const setup = inline(() => ({ closed: 0 }));

  it("gets the state, and the worker ends when it is done", async () => {
    const teardown = inline(async (state: { closed: number }, context: TaskContext) => {
      await Promise.resolve();
      if (context.state === state) state.closed++;
    });
    const { upkeep, said, exits } = await worker(setup, teardown);
    upkeep.leave();
    expect(exits()).toBe(0);
    await turn();
    expect(upkeep.state).toEqual({ closed: 1 });
    expect(said[1]).toEqual([Report.tornDown, undefined]);
    expect(exits()).toBe(1);
  });

  it.each<[string, Task<never, unknown>]>([
    [
      "throws",
      inline(() => {
        throw new RangeError("no");
      }),
    ],
    ["rejects", inline(() => Promise.reject(new RangeError("no")))],
  ])("that %s says so, and ends the worker", async (_, teardown) => {
    const { upkeep, said, exits } = await worker(setup, teardown);
    upkeep.leave();
    await turn();
    expect(thrownIn(said[1])).toMatchObject({ name: "RangeError", message: "no" });
    expect(exits()).toBe(1);
  });

  it("is not waited for where there is none", async () => {
    const { upkeep, said, exits } = await worker(setup);
    upkeep.leave();
    expect(exits()).toBe(1);
    expect(said).toHaveLength(1);
  });
});
