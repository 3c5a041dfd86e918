import type { Carried, RunBatch, ServedNames, TaskRun, Timer, WaitNode } from "@quintet/core/kit";
import type { Position } from "../transport/ring-memory.ts";
import type { ReservedLine } from "../scheduler/reserved-line.ts";
import type { WorkerHandle } from "./worker-handle.ts";

/**
 * Where a run is: in the queue, in the line of a worker, at a worker, or, while it moves or once it has ended, nowhere.
 * What few runs need is not there before it is set: thousands may wait.
 */
export class Place {
  /** Runs count up; one that comes back to the queue goes before all that came later. */
  readonly order: number;
  node: WaitNode<TaskRun | RunBatch> | undefined;
  worker: WorkerHandle | undefined = undefined;
  /** Where in the worker's ring. */
  position: Position = 0;
  /** The worker says when it starts. */
  tellsStart = false;
  /** The line of the one worker it waits for; otherwise it is in the queue, if it waits. */
  declare line?: ReservedLine | undefined;
  /** Of its caller's async context. */
  declare carried?: Carried | undefined;
  /** Its input went out by message, and what moved with it is gone from here. */
  declare sent?: boolean;
  /** Its worker, which is distant, was asked for it. */
  declare asked?: boolean;
  /** Its grace period is over, and its worker is stopped once it holds nothing else. */
  declare overdue?: boolean;
  /** Until its worker is stopped, after a cancel. */
  declare grace?: Timer | undefined;
  /** What it asks about names while it runs. */
  declare names?: ServedNames | undefined;
  /** Times it was started again. */
  declare retries?: number;
  /** Times it lost its worker before it started. */
  declare moves?: number;
  /** Why it was cancelled. */
  declare reason?: unknown;
  /** It did not end when it was cancelled, so its worker was made to. */
  declare killed?: boolean;
  /** Items were handed over: starting again would repeat them. */
  declare delivered?: boolean;

  constructor(order: number, node: WaitNode<TaskRun | RunBatch> | undefined) {
    this.order = order;
    this.node = node;
  }
}

/** Where the scheduler keeps a run. */
export function placeOf(run: TaskRun): Place {
  return run.place as Place;
}

/** It is at no worker any more: what comes for it now, a credit or a cancel, must not reach the next task there. */
export function leaveWorker(run: TaskRun): void {
  const place = placeOf(run);
  place.worker = undefined;
  if (place.names) {
    place.names.end();
    place.names = undefined;
  }
  if (!place.grace) return;
  place.grace.cancel();
  place.grace = undefined;
}
