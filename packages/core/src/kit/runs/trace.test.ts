import diagnostics from "node:diagnostics_channel";
import { expect, it, vi } from "vitest";
import { makePlace, turn } from "../../../test/place.ts";
import { isTraced, onTrace, publishTrace, type TraceEvent } from "./trace.ts";

const event: TraceEvent = {
  type: "queued",
  executor: "e",
  lane: "e",
  task: "t",
  job: "e#1",
  time: 5,
};

it("calls back until it is stopped, and says whether anybody listens", () => {
  expect(isTraced()).toBe(false);
  const heard: TraceEvent[] = [];
  const stop = onTrace((each) => heard.push(each));
  const stopOther = onTrace((each) => heard.push(each));
  expect(isTraced()).toBe(true);
  publishTrace(event);
  stop();
  stop();
  publishTrace(event);
  stopOther();
  publishTrace(event);
  expect(heard).toEqual([event, event, event]);
  expect(isTraced()).toBe(false);
});

it("is a diagnostics channel, where other tools can subscribe", () => {
  const heard: unknown[] = [];
  const listener = (message: unknown): void => void heard.push(message);
  diagnostics.subscribe("quintet.trace", listener);
  publishTrace(event);
  diagnostics.unsubscribe("quintet.trace", listener);
  expect(heard).toEqual([event]);
});

it("tells of each step where, what and when", async () => {
  const { executor, engine, clock } = makePlace();
  const events: TraceEvent[] = [];
  const stop = onTrace((each) => events.push(each));
  const job = executor.submit(function work() {});
  await clock.advance(10);
  engine.complete();
  stop();
  const common = { executor: "fake", task: "work", job: job.id };
  expect(events).toEqual([
    { ...common, type: "queued", lane: "fake", time: 0 },
    { ...common, type: "started", lane: "lane 1", time: 0 },
    { ...common, type: "settled", lane: "lane 1", time: 10, outcome: "completed" },
  ]);
});

it("does not let a listener that throws disturb an executor", async () => {
  const uncaught: unknown[] = [];
  const listener = (error: unknown): void => void uncaught.push(error);
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException").on("uncaughtException", listener);
  const { executor, engine } = makePlace();
  const reason = new Error("mine");
  const stop = onTrace(() => {
    throw reason;
  });
  const result = executor.run(() => 1);
  engine.complete("done");
  stop();
  expect(await result).toBe("done");
  await turn();
  process.removeAllListeners("uncaughtException");
  for (const other of others) process.on("uncaughtException", other);
  expect(uncaught).toEqual([reason, reason, reason]);
});

it("works where the platform has no diagnostics channels", async () => {
  const key = Symbol.for("quintet.trace");
  const realm = globalThis as { [key: symbol]: unknown };
  const shared = realm[key];
  realm[key] = undefined;
  vi.stubGlobal("process", {});
  vi.resetModules();
  try {
    const plain = await import("./trace.ts");
    const heard: unknown[] = [];
    const caught = vi.fn<(task: () => void) => void>();
    vi.stubGlobal("queueMicrotask", caught);
    const stopBad = plain.onTrace(() => {
      throw new Error("bad listener");
    });
    const stop = plain.onTrace((each) => heard.push(each));
    plain.publishTrace(event);
    expect(plain.isTraced()).toBe(true);
    stop();
    stopBad();
    expect(plain.isTraced()).toBe(false);
    expect(heard).toEqual([event]);
    expect(caught).toHaveBeenCalledTimes(1);
    expect(caught.mock.calls[0]?.[0]).toThrow("bad listener");
  } finally {
    vi.unstubAllGlobals();
    vi.resetModules();
    realm[key] = shared;
  }
});
