import { expect, it } from "vitest";
import { longTask, pickAhead, runsLong } from "./send-ahead.ts";
import type { WorkerHandle } from "./worker-handle.ts";

/** As much of a worker as the choice looks at: up, quick, and at the beginning of its task. */
function worker(
  traits: Partial<Record<keyof WorkerHandle, unknown>> & { held?: number },
): WorkerHandle {
  const { held = 1, ...others } = traits;
  const base = { state: "up", pace: 0.01, since: 0, given: 1, hasFreeSlot: true };
  return { ...base, assignments: Array.from({ length: held }), ...others } as WorkerHandle;
}

const pick = (workers: WorkerHandle[], mostGiven = Infinity): WorkerHandle | undefined =>
  pickAhead(workers, mostGiven, 0);

it("picks the worker that holds least, the first of equals", () => {
  const [a, b, c] = [worker({ held: 3 }), worker({ held: 2 }), worker({ held: 2 })];
  expect(pick([a, b, c])).toBe(b);
});

it.each<[string, Parameters<typeof worker>[0]]>([
  ["is not up", { state: "leaving" }],
  ["has no free slot", { hasFreeSlot: false }],
  ["is to be replaced", { given: 5 }],
  ["runs long tasks", { pace: 3 }],
  ["has not shown how long its tasks are", { pace: undefined }],
  ["has run its task for long already", { since: -longTask }],
  ["holds enough", { held: 32 }],
])("picks no worker that %s", (_, traits) => {
  expect(pick([worker(traits)], 5)).toBeUndefined();
});

it("gives a worker about 2 ms of work", () => {
  expect(pick([worker({ pace: 0.5, held: 3 })])).toBeDefined();
  expect(pick([worker({ pace: 0.5, held: 4 })])).toBeUndefined();
});

it("calls a task long from its fifth millisecond on", () => {
  expect([4.9, 5].map((now) => runsLong(worker({}), now))).toEqual([false, true]);
});
