import type { TaskRun, WaitNode } from "@quintet/core/kit";
import type { Assignment } from "./worker-handle.ts";

/** Where a run is: in the queue or at a worker. */
export interface Place {
  node: WaitNode<TaskRun> | undefined;
  assignment: Assignment | undefined;
  /** Times it was started again. */
  retries: number;
  /** Times it lost its worker before it started. */
  moves: number;
  /** Why it was cancelled. */
  reason: unknown;
  /** Items were handed over: starting again would repeat them. */
  delivered: boolean;
}

/** Where the scheduler keeps a run. */
export function placeOf(run: TaskRun): Place {
  return run.place as Place;
}
