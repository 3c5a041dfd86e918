import type { TaskOrigin } from "@quintet/core";
import type { EncodedThrown } from "@quintet/core/kit";

/** First element of what is sent to a worker. */
export const Order = { register: 0, run: 1, cancel: 2, grant: 3, close: 4 } as const;

/** First element of what a worker sends. */
export const Report = {
  ready: 0,
  started: 1,
  item: 2,
  progress: 3,
  done: 4,
  failed: 5,
  cancelled: 6,
} as const;

/** What a run order asks for beside the result. */
export const Wish = { started: 1, items: 2 } as const;

/** Tells a worker what a task number stands for; once per worker and task. */
export type RegisterOrder = readonly [
  typeof Order.register,
  task: number,
  id: string,
  origin: TaskOrigin,
];

/**
 * Runs a task in a slot, if it is still that turn there. `window` is how many items it may send before it is
 * granted more.
 */
export type RunOrder = readonly [
  typeof Order.run,
  slot: number,
  turn: number,
  task: number,
  runId: string,
  attempt: number,
  wishes: number,
  window: number,
  input: unknown,
];

/** Aborts the signal of the task in a slot. */
export type CancelOrder = readonly [typeof Order.cancel, slot: number, reason: EncodedThrown];

/** Lets the stream in a slot send more items. */
export type GrantOrder = readonly [typeof Order.grant, slot: number, credits: number];

/** Ends the worker; it holds no tasks. */
export type CloseOrder = readonly [typeof Order.close];

/** Everything a worker is sent, several at a time. */
export type WorkerOrder = RegisterOrder | RunOrder | CancelOrder | GrantOrder | CloseOrder;

/** Everything a worker sends. `duration` is the running time in milliseconds. */
export type WorkerReport =
  | readonly [typeof Report.ready]
  | readonly [typeof Report.started, slot: number]
  | readonly [typeof Report.item, slot: number, item: unknown]
  | readonly [typeof Report.progress, slot: number, value: unknown]
  /** It ended with the reason it was cancelled with. */
  | readonly [typeof Report.cancelled, slot: number, duration: number]
  | readonly [typeof Report.done, slot: number, duration: number, output: unknown]
  | readonly [typeof Report.failed, slot: number, duration: number, thrown: EncodedThrown];
