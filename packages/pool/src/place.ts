import type { TaskRun, WaitNode } from "@quintet/core/kit";
import type { Assignment } from "./assignment.ts";

/** Where a run is: in the queue, at a worker, or, while it moves or once it has ended, nowhere. */
export interface Place {
  /** Runs count up; one that comes back to the queue goes before all that came later. */
  readonly order: number;
  node: WaitNode<TaskRun> | undefined;
  assignment: Assignment | undefined;
  /** Times it was started again. */
  retries: number;
  /** Times it lost its worker before it started. */
  moves: number;
  /** Why it was cancelled. */
  reason: unknown;
  /** It did not end when it was cancelled, so its worker was made to. */
  killed: boolean;
  /** Items were handed over: starting again would repeat them. */
  delivered: boolean;
}

/** The place of a run that joins the queue. */
export function newPlace(order: number, node: WaitNode<TaskRun>): Place {
  return {
    order,
    node,
    assignment: undefined,
    retries: 0,
    moves: 0,
    reason: undefined,
    killed: false,
    delivered: false,
  };
}

/** Where the scheduler keeps a run. */
export function placeOf(run: TaskRun): Place {
  return run.place as Place;
}
