import type { UpkeepPlan } from "../executor/upkeep-options.ts";
import type { RosterLimits } from "./worker-roster.ts";

/** How a pool treats its workers. All durations are milliseconds. */
export interface SchedulerOptions {
  readonly workers: RosterLimits;
  /** Between the abort of a task and the end of its worker. */
  readonly grace: number;
  /** Longest time a worker may take to start. */
  readonly startTimeout: number;
  /** After how many tasks a worker is replaced. */
  readonly tasksPerWorker: number;
  /** What is done for the workers themselves. Default: nothing. */
  readonly upkeep?: UpkeepPlan | undefined;
  /** Names of stores whose values runs take along. */
  readonly carry: readonly string[];
}
