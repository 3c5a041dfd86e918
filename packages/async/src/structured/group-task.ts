import type { TaskGroupState } from "./task-group.ts";

/** What the function of a task in a group gets; also the `parent` of groups within it. */
export interface GroupContext {
  /** For messages and `inspect()`. */
  readonly name: string;
  /** Aborts when the task or its group is cancelled, another task failed, or the deadline has passed. */
  readonly signal: AbortSignal;
  /** Whether `signal` has aborted. */
  readonly cancelled: boolean;
  /**
   * Calls back when `signal` aborts, with its reason, or at once where it has: for those who need no signal, which
   * costs more than all else about a small task.
   */
  onAbort(callback: (reason: unknown) => void): void;
  /** When its group must be done: milliseconds since 1970, and never later than its parent's. `Infinity` where none is. */
  readonly deadline: number;
}

/** What a group runs: any function, also one that is not async. */
export type GroupCall<Result> = (context: GroupContext) => Result | PromiseLike<Result>;

/** Where a task of a group stands; `waiting` is for a slot, where the group has a `limit`. */
export type GroupTaskState = "waiting" | "running" | "completed" | "failed" | "cancelled";

/** The handle of a task in a group. */
export interface GroupTask<Result> {
  readonly name: string;
  readonly state: GroupTaskState;
  /**
   * Settles when its function has ended. A cancelled task rejects with the reason of its `signal`. The group
   * deals with errors, so nobody has to look at it.
   */
  readonly result: Promise<Result>;
  /** Aborts this task alone, which is no failure of the group. Default reason: an `AbortError`. */
  cancel(reason?: unknown): void;
}

/** Options of `spawn`. */
export interface SpawnOptions {
  /** For messages and `inspect()`. Default: the function's name, or a number. */
  readonly name?: string | undefined;
}

/** A task of a group that has not ended, as `inspect()` tells. */
export interface InspectedTask {
  readonly name: string;
  readonly state: "waiting" | "running";
  /** Aborted, but its function has not ended. */
  readonly cancelled: boolean;
  /** When it came into its state. */
  readonly since: Date;
  /** The groups that have it as their parent. */
  readonly groups: readonly TaskGroupState[];
}
