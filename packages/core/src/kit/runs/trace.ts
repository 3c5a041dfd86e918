import { nodeModule } from "../loading/node-module.ts";
import { reportUncaught } from "../errors/report-uncaught.ts";
import { sharedState } from "../shared-state.ts";

/** What happened to a task. */
export type TraceType =
  | "queued"
  | "started"
  | "progress"
  | "retried"
  | "moved"
  | "settled"
  | "aborted";

/** One step in a task's life, told to whoever listens. The first is `queued`, but for a task that was refused. */
export interface TraceEvent {
  readonly type: TraceType;
  /** The executor's name. */
  readonly executor: string;
  /** Where it runs: a worker such as `"thread 3"`, or the executor's name while it waits. */
  readonly lane: string;
  /** The task's id. */
  readonly task: string;
  /** The id of this run of the task. */
  readonly job: string;
  /** Milliseconds on the executor's monotonic clock. */
  readonly time: number;
  /** How a `settled` task ended. */
  readonly outcome?: "completed" | "failed" | "cancelled";
}

/** The part of a `node:diagnostics_channel` channel that the trace needs. */
interface TraceChannel {
  readonly hasSubscribers: boolean;
  publish(event: unknown): void;
  subscribe(listener: (event: unknown) => void): void;
  unsubscribe(listener: (event: unknown) => void): boolean | void;
}

interface DiagnosticsChannel {
  channel(name: string): TraceChannel;
}

// A listener that throws must not disturb the executor; its error is reported as uncaught, as Node does.
function tell(listener: (event: unknown) => void, event: unknown): void {
  try {
    listener(event);
  } catch (error) {
    reportUncaught(error);
  }
}

/** Stands in where the platform has no diagnostics channels. */
function plainChannel(): TraceChannel {
  const listeners = new Set<(event: unknown) => void>();
  return {
    get hasSubscribers() {
      return listeners.size > 0;
    },
    publish: (event) => listeners.forEach((listener) => tell(listener, event)),
    subscribe: (listener) => void listeners.add(listener),
    unsubscribe: (listener) => listeners.delete(listener),
  };
}

const diagnostics = nodeModule("node:diagnostics_channel") as DiagnosticsChannel | undefined;

const channel: TraceChannel = sharedState(
  "trace",
  () => diagnostics?.channel("quintet.trace") ?? plainChannel(),
);

/** Whether anybody listens: ask before building an event. */
export function isTraced(): boolean {
  return channel.hasSubscribers;
}

/** Tells the listeners. */
export function publishTrace(event: TraceEvent): void {
  channel.publish(event);
}

/**
 * Calls back at each step of every task of every executor in this thread; returns a function that stops it.
 * On Node the events go through the diagnostics channel `quintet.trace`, where other tools can subscribe too.
 *
 * *Cost*: nobody listening costs one property read per step.
 *
 * @example
 * ```ts
 * import { eventLoop } from "@quintet/async";
 * import { onTrace } from "@quintet/core";
 *
 * const types: string[] = [];
 * const stop = onTrace((event) => types.push(event.type));
 * await eventLoop().run(() => 1);
 * stop();
 * console.log(types.join(" ")); // => queued started settled
 * ```
 */
export function onTrace(listener: (event: TraceEvent) => void): () => void {
  const receive = (event: unknown): void => listener(event as TraceEvent);
  channel.subscribe(receive);
  return () => {
    channel.unsubscribe(receive);
  };
}
