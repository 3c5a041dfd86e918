import { getEventListeners } from "node:events";
import type { Executor, LocalExecutor } from "../src/executor.ts";
import { TaskExecutor } from "../src/kit/runs/task-executor.ts";
import { onTrace } from "../src/kit/runs/trace.ts";
import { type VirtualClock, virtualClock } from "../src/kit/clock/virtual-clock.ts";
import { FakeEngine, type FakeEngineOptions } from "./fake-engine.ts";

/** An executor over a fake engine, on a clock that stands still. */
export interface Place {
  readonly executor: LocalExecutor;
  readonly engine: FakeEngine;
  readonly clock: VirtualClock;
}

/** The calendar of the virtual clock starts here. */
export const today: number = Date.UTC(2026, 0, 1);

/** Makes a place of its own for a test. */
export function makePlace(options: FakeEngineOptions & { maxQueue?: number } = {}): Place {
  const engine = new FakeEngine(options);
  const clock = virtualClock(today);
  const { maxQueue } = options;
  const executor: Executor = new TaskExecutor({ name: "fake", engine, clock, maxQueue });
  return { executor: executor as LocalExecutor, engine, clock };
}

/** What the trace tells while a test runs, as `"type"`, or `"settled:outcome"`. */
export async function traced(test: () => unknown): Promise<string[]> {
  const types: string[] = [];
  const stop = onTrace(({ type, outcome }) => types.push(outcome ? `${type}:${outcome}` : type));
  try {
    await test();
  } finally {
    stop();
  }
  return types;
}

/** How many listen for the abort of a signal. */
export function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

/** Lets every promise reaction run that is ready. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Where a promise stands after `meanwhile`, and after every reaction that is ready has run. */
export async function stateOf(
  promise: Promise<unknown> | undefined,
  meanwhile?: Promise<unknown>,
): Promise<"pending" | { readonly value: unknown } | { readonly reason: unknown }> {
  let state: "pending" | { value: unknown } | { reason: unknown } = "pending";
  promise?.then(
    (value) => (state = { value }),
    (reason: unknown) => (state = { reason }),
  );
  await meanwhile;
  await turn();
  return state;
}
