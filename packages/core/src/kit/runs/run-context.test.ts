import { expect, it } from "vitest";
import { RunContext } from "./run-context.ts";

it("has an id, and an attempt that is 1 at first", () => {
  expect(new RunContext("a")).toMatchObject({ id: "a", attempt: 1, cancelled: false });
  expect(new RunContext("a", 3).attempt).toBe(3);
});

it("aborts its signal with the very reason, once", () => {
  const context = new RunContext("a");
  const heard: unknown[] = [];
  context.signal.addEventListener("abort", () => heard.push(context.signal.reason));
  context.cancel(0);
  context.cancel("later");
  expect(heard).toEqual([0]);
  expect(context.cancelled).toBe(true);
  expect(context.reason).toBe(0);
});

it("gives an aborted signal to who asks after it was cancelled, always the same", () => {
  const context = new RunContext("a");
  const reason = new Error("enough");
  context.cancel(reason);
  expect(context.signal.aborted).toBe(true);
  expect(context.signal.reason).toBe(reason);
  expect(context.signal).toBe(context.signal);
});

it("reports progress, also with the function taken out of it", () => {
  const heard: unknown[] = [];
  class Heard extends RunContext {
    protected override report(value: unknown): void {
      heard.push(value);
    }
  }
  const { progress } = new Heard("a");
  progress(1);
  progress(undefined);
  expect(heard).toEqual([1, undefined]);
});

it("has no names where there is no executor", () => {
  const { semaphore, channel } = new RunContext("a");
  expect(() => semaphore("s")).toThrow("Only an executor has names");
  expect(() => channel("c")).toThrow("Only an executor has names");
});

it("lets a task report to nobody", () => {
  expect(() => new RunContext("a").progress(1)).not.toThrow();
});
