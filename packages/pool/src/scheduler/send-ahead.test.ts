import { expect, it } from "vitest";
import { ringSlots } from "../transport/ring-memory.ts";
import { endsSoon, isQuick, longTask, pickAhead, runsLong, workAhead } from "./send-ahead.ts";
import type { WorkerHandle } from "../worker-handle/worker-handle.ts";

/** As much of a worker as the choice looks at: up, quick, and at the beginning of its task. */
function worker(traits: Partial<Record<keyof WorkerHandle, unknown>>): WorkerHandle {
  const base = {
    held: 1,
    state: "up",
    isOpen: true,
    pace: 0.01,
    since: 0,
    quota: 5,
    sender: { given: 1, cost: 0 },
    link: { ring: { isDistant: false } },
  };
  return { ...base, ...traits } as WorkerHandle;
}

const pick = (workers: WorkerHandle[]): WorkerHandle | undefined => pickAhead(workers, 0);

it("picks the worker that holds least, the first of equals", () => {
  const [a, b, c] = [worker({ held: 3 }), worker({ held: 2 }), worker({ held: 2 })];
  expect(pick([a, b, c])).toBe(b);
});

it.each<[string, Parameters<typeof worker>[0]]>([
  ["is not open", { isOpen: false }],
  ["is to be replaced", { sender: { given: 5, cost: 0 } }],
  ["runs long tasks and has a second one", { pace: 3, held: 2 }],
  ["has not shown how long its tasks are", { pace: undefined }],
  ["is distant and runs long tasks", { pace: longTask, link: { ring: { isDistant: true } } }],
  [
    "is distant, and costs much to send to",
    { sender: { given: 1, cost: 0.1 }, link: { ring: { isDistant: true } } },
  ],
  ["has run its task for long already", { since: -longTask }],
  ["holds enough", { held: 200 }],
  ["holds enough for what takes long to send", { held: 4, sender: { given: 1, cost: 0.25 } }],
  ["holds all it may, however quick its tasks are", { pace: 0, held: ringSlots - 256 }],
])("picks no worker that %s", (_, traits) => {
  expect(pick([worker(traits)])).toBeUndefined();
});

it("gives a worker about 2 ms of work", () => {
  expect(pick([worker({ pace: 0.5, held: 3 })])).toBeDefined();
  expect(pick([worker({ pace: 0.5, held: 4 })])).toBeUndefined();
});

it("calls a task long from its fifth millisecond on, and not before it runs twice as long as others do", () => {
  expect([4.9, 5].map((now) => runsLong(worker({}), now))).toEqual([false, true]);
  expect([19.9, 20].map((now) => runsLong(worker({ pace: 10 }), now))).toEqual([false, true]);
});

it("calls a task quick where its worker has shown that, and holds nothing else", () => {
  const quick = { pace: 0.001, knows: (task: unknown) => task === noop };
  const noop = (): void => {};
  expect(isQuick(worker(quick), noop)).toBe(true);
  expect(isQuick(worker(quick), () => {})).toBe(false);
  expect(isQuick(worker({ ...quick, pace: 0.1 }), noop)).toBe(false);
});

it.each<[string, Parameters<typeof worker>[0]]>([
  ["is not up", { state: "leaving" }],
  ["has nothing to do, and sleeps", { held: 0 }],
  ["holds more than another one would need to wake", { held: 300 }],
  ["runs something for long already", { since: -longTask }],
])("does not wait for a worker that %s, however quick its tasks are", (_, traits) => {
  const noop = (): void => {};
  const quick = { pace: 0.001, held: 20, knows: () => true };
  expect(endsSoon(worker(quick), noop, 0)).toBe(true);
  expect(endsSoon(worker({ ...quick, ...traits }), noop, 0)).toBe(false);
});

it("counts as work ahead what waits behind the task that runs, less what it takes to move it", () => {
  expect(workAhead(worker({ pace: 0.502, held: 4 }))).toBe(1.5);
  expect(workAhead(worker({ pace: 0.001, held: 1_000 }))).toBeLessThan(0);
  expect(workAhead(worker({ pace: undefined, held: 4 }))).toBe(0);
  expect(workAhead(worker({ pace: 0.5, held: 4, sender: { cost: 0.5 } }))).toBeLessThan(0);
});
