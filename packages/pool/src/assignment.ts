import { isTraced, type TaskRun, type Timer } from "@quintet/core/kit";
import { Order, type RunOrder, Wish } from "./protocol.ts";
import type { WorkerHandle } from "./worker-handle.ts";

/** A run at a worker. */
export interface Assignment {
  readonly run: TaskRun;
  readonly worker: WorkerHandle;
  readonly slot: number;
  readonly turn: number;
  /** The worker says when it starts. */
  readonly tellsStart: boolean;
  /** Its input is on its way, and what moves with it is gone from here. */
  sent: boolean;
  /** Until its worker is stopped, after a cancel. */
  grace?: Timer;
}

/** The order that starts it. */
export function runOrder({ run, slot, turn, tellsStart }: Assignment, task: number): RunOrder {
  const { id, attempt, items, input } = run;
  const wishes = (tellsStart ? Wish.started : 0) | (items ? Wish.items : 0);
  return [Order.run, slot, turn, task, id, attempt, wishes, items?.window ?? 0, input];
}

/** Whether somebody looks at when it starts; otherwise it starts when the one before it has ended. */
export function needsExactStart({ observed, options }: TaskRun): boolean {
  return observed || options.timeout !== undefined || isTraced();
}
