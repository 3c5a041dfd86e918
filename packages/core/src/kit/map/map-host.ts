import type { MapOptions, RunOptions } from "../../run-options.ts";
import type { Clock } from "../clock/clock.ts";
import type { BatchRequest, RunBatch } from "../runs/run-batch.ts";
import type { Ending, TaskRun } from "../runs/task-run.ts";

/** What a map needs of its executor. */
export interface MapHost {
  readonly clock: Clock;
  /** The concurrency when the caller names none. */
  readonly concurrency: number;
  /** What each task gets of the map's options. */
  taskOptions(options: MapOptions): RunOptions;
  /** Starts several tasks with primitive inputs in one go, where it can. */
  launchBatch(request: Omit<BatchRequest, "task">): RunBatch | undefined;
  /** Makes every run of a batch that has not ended a run of its own. */
  dissolve(batch: RunBatch): void;
  /** Starts one task; `onSettled` may be called before it returns. */
  launch(input: unknown, options: RunOptions, onSettled: (ending: Ending) => void): TaskRun;
}
