import { expect, it } from "vitest";
import { brokenExecutors } from "./fixtures/broken-executors.ts";
import { failingCases } from "./fixtures/failing-cases.ts";

/** Exactly these cases fail, for each executor that is broken in one way. */
const caught: Record<keyof typeof brokenExecutors, string[]> = {
  "leaks the listeners of its signals": ["listener.run", "listener.failed", "listener.few"],
  "loses what is queued when it is closed": ["close.finishes", "close.map"],
  "replaces the reason of an abort": [
    "abort.before",
    "abort.default-reason",
    "abort.falsy-reason",
    "abort.queued",
    "abort.queued-all",
    "abort.queued-and-running",
    "abort.many",
    "abort.running",
    "abort.reason-inside",
    "abort.at-once",
    "abort.slow-cleanup",
    "abort.progress",
    "semaphore.of-cancelled-task",
    "channel.of-cancelled-task",
  ],
  "drops the code of errors": [
    "error.own-class",
    "error.code",
    "load.missing-export",
    "load.missing-module",
    "load.throwing-module",
    "load.own-error",
    "name.not-exported",
    "timeout.running",
    "timeout.map",
    "deadline.running",
    "deadline.map",
    "close.cancel",
    "channel.close-error",
  ],
  "takes falsy errors for results": ["error.not-an-error"],
  "frees the slot of a task that still runs": [
    "abort.at-once",
    "abort.slow-cleanup",
    "abort.deaf-kept",
    "stats.durations-ended",
    "tasks.cancelled",
  ],
  "reads the inputs of a map ahead": [
    "pressure.map-lazy",
    "pressure.map-window",
    "pressure.map-default-window",
    "map.input-throws",
    "map.return-early",
  ],
  "starts the last to come first": [
    "order.fifo",
    "order.fifo-within-priority",
    "order.methods",
    "abort.queued",
  ],
  "passes on what is reported too late": [
    "abort.progress",
    "progress.job",
    "progress.late",
    "progress.throws",
    "trace.completed",
  ],
  "does not pause its streams": [
    "pressure.stream-window",
    "pressure.stream-default-window",
    "stream.untidy",
    "stream.abort-paused",
  ],
  "lists no task that was cancelled": ["tasks.cancelled"],
  "keeps the permits of tasks that have ended": ["semaphore.of-task", "semaphore.of-failed-task"],
  "measures no running time": ["stats.durations", "stats.durations-ended"],
  "declares closures and refuses them": ["closure.run"],
  "declares to be parallel": ["trait.parallel"],
  "declares to copy its values": [
    "value.copy",
    "value.neighbours",
    "value.uncloneable-input",
    "value.throwing-input",
    "value.uncloneable-map-input",
    "value.uncloneable-output",
    "value.uncloneable-progress",
    "value.uncloneable-item",
    "transfer.moves",
    "transfer.result-moves",
    "channel.uncloneable",
  ],
  "declares to keep to keys": ["key.one-at-a-time", "key.priority", "key.methods", "key.abort"],
  "declares less than it does": ["inline.refused", "transfer.refused", "shared-memory.refused"],
};

it.each(Object.entries(caught))(
  "catches an executor that %s",
  { timeout: 120_000 },
  async (name, ids) => {
    const create = brokenExecutors[name]!;
    expect(await failingCases({ name, create, patience: 3_000 })).toEqual(ids);
  },
);

it("knows what each broken executor fails", () => {
  expect(Object.keys(caught)).toEqual(Object.keys(brokenExecutors));
});
