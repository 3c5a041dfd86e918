import type { Executor } from "@quintet/core";
import { TaskExecutor, type TaskExecutorOptions } from "@quintet/core/kit";
import type { Scheduler } from "./scheduler.ts";

/** An executor that runs tasks on workers of its own. */
export interface WorkerPool extends Executor {}

/** Makes a pool of a scheduler. */
export class SchedulerPool extends TaskExecutor implements WorkerPool {
  protected readonly scheduler: Scheduler;

  constructor(scheduler: Scheduler, options: Omit<TaskExecutorOptions, "engine">) {
    super({ ...options, engine: scheduler });
    this.scheduler = scheduler;
  }
}
