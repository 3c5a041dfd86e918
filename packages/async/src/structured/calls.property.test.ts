import {
  array,
  asyncProperty,
  check,
  constantFrom,
  defaultReportMessage,
  nat,
  record,
  type Scheduler,
  scheduler,
} from "fast-check";
import { expect, it } from "vitest";
import { countListeners } from "../../test/listeners.ts";
import { any } from "./any.ts";
import { asCompleted } from "./as-completed.ts";
import { type CallsOptions } from "./calls.ts";
import { gather } from "./gather.ts";
import type { GroupCall } from "./group-task.ts";
import { race } from "./race.ts";

type Run = (calls: readonly GroupCall<unknown>[], options: CallsOptions) => Promise<unknown>;

const ways: Readonly<Record<string, Run>> = {
  gather,
  "gather with settle": (calls, options) => gather(calls, { ...options, settle: true }),
  race,
  any,
  asCompleted: async (calls, options) => {
    const results: unknown[] = [];
    for await (const result of asCompleted(calls, options)) results.push(result);
    return results;
  },
  "asCompleted that is left after the first": async (calls, options) => {
    for await (const result of asCompleted(calls, options)) return result;
    return undefined;
  },
};

const shapes = array(
  record({ steps: nat({ max: 3 }), end: constantFrom("value", "value", "error", "deaf" as const) }),
  { minLength: 1, maxLength: 4 },
);

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Runs calls in the order that the scheduler chooses, and aborts before one of the steps; says what is wrong. */
async function trial(
  run: Run,
  shape: readonly { readonly steps: number; readonly end: string }[],
  order: Scheduler,
  abortAt: number,
): Promise<string[]> {
  let running = 0;
  const calls = shape.map(({ steps, end }): GroupCall<string> => async ({ signal }) => {
    running++;
    try {
      for (let left = steps; left > 0; left--) {
        await order.schedule(Promise.resolve());
        if (signal.aborted && end !== "deaf") throw signal.reason;
      }
      if (end === "error") throw new Error("failed");
      return end;
    } finally {
      running--;
    }
  });
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const problems: string[] = [];
  let isOver = false;
  const over = (): void => {
    isOver = true;
    if (running > 0) problems.push(`it settled while ${running} ran`);
    if (listeners() > 0) problems.push(`${listeners()} listeners are left`);
  };
  run(calls, { signal: controller.signal, limit: 2 }).then(over, over);
  let steps = 0;
  for (await turn(); order.count() > 0; await turn()) {
    if (steps++ === abortAt) controller.abort("enough");
    await order.waitOne();
  }
  await turn();
  if (!isOver) problems.push("it never settles");
  return problems;
}

it.each(Object.entries(ways))(
  "%s settles after all its calls, whatever is aborted when",
  async (_, run) => {
    const details = await check(
      asyncProperty(shapes, scheduler(), nat({ max: 10 }), async (shape, order, abortAt) => {
        expect(await trial(run, shape, order, abortAt)).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(defaultReportMessage(details)).toBeUndefined();
  },
  60_000,
);

it("catches a race that does not wait for the losers", async () => {
  const promises: Run = (calls, { signal = new AbortController().signal }) =>
    Promise.race(
      calls.map(async (call) =>
        call({ name: "", signal, cancelled: false, deadline: Infinity, onAbort() {} }),
      ),
    );
  const { failed } = await check(
    asyncProperty(shapes, scheduler(), nat({ max: 10 }), async (shape, order, abortAt) => {
      expect(await trial(promises, shape, order, abortAt)).toEqual([]);
    }),
    { numRuns: 300, endOnFailure: true },
  );
  expect(failed).toBe(true);
}, 60_000);
