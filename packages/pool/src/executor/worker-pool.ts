import type { Executor, Task } from "@quintet/core";
import {
  duration,
  joinStack,
  runRules,
  TaskExecutor,
  type TaskExecutorOptions,
  type TaskRun,
  validateOptions,
} from "@quintet/core/kit";
import { type BroadcastOptions, outputsOf, unlessAborted } from "./broadcast.ts";
import { onlyOn } from "../scheduler/run-key.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import { waitBlocked } from "../transport/wait-blocked.ts";

const broadcastRules = { signal: runRules.signal, timeout: runRules.timeout };

/** An executor that runs tasks on workers of its own. */
export interface WorkerPool extends Executor {
  /**
   * Runs a task once on every worker that is up, and gives the outputs, one for each: to fill a cache, or to tell all
   * of them something. Where none is up it waits for `ready()`; workers that start later do not run it.
   * Each gets a copy of the input; nothing can be transferred.
   *
   * *Ordering*: the outputs are in the order in which the workers were started. On each worker the task waits its turn
   * with priority 0, and where the queue is full it waits for room. A worker that is gone before the task has started
   * there is left out.
   * *Cancellation*: rejects at once with `signal.reason`, and ends like `run` on each worker.
   * *Errors*: those of `run`, `WORKER_LOST` from a worker that died of it among them. An error on one worker does not
   * stop the others: the broadcast rejects with the first error when the task has ended on all of them.
   * *Cost*: that of a task for each worker; `stats()` counts as many.
   */
  broadcast<Output>(
    task: Task<void, Output>,
    input?: undefined,
    options?: BroadcastOptions,
  ): Promise<Output[]>;
  broadcast<Input, Output>(
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    options?: BroadcastOptions,
  ): Promise<Output[]>;
}

/** Options of `runSync`. */
export interface SyncOptions {
  /** For how many milliseconds the caller may block, the start of a worker included. Default: 60,000. */
  readonly timeout?: number | undefined;
}

/** Makes a pool of a scheduler. */
export class SchedulerPool extends TaskExecutor implements WorkerPool {
  protected readonly scheduler: Scheduler;

  constructor(scheduler: Scheduler, options: Omit<TaskExecutorOptions, "engine">) {
    super({ ...options, engine: scheduler });
    this.scheduler = scheduler;
  }

  async broadcast<Input, Output>(
    task: Task<Input, Output>,
    input?: Input,
    options?: BroadcastOptions,
  ): Promise<Output[]> {
    const owner = `${this.name}.broadcast`;
    const { signal, timeout } = validateOptions(owner, options, broadcastRules);
    signal?.throwIfAborted();
    while (this.scheduler.upWorkers.length === 0) await unlessAborted(this.ready(), signal);
    const launch = (key: string | number): TaskRun =>
      this.launch({ method: "broadcast", task, input, options: { signal, timeout, key } });
    const runs = this.scheduler.upWorkers.map((worker) => launch(onlyOn(worker)));
    return outputsOf(runs) as Promise<Output[]>;
  }

  /** Blocks until a task has ended: for pools whose workers share memory with their caller. */
  runSync<Output>(task: Task<void, Output>, input?: undefined, options?: SyncOptions): Output;
  runSync<Input, Output>(
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    options?: SyncOptions,
  ): Output;
  runSync(task: Task<never, unknown>, input?: unknown, options?: SyncOptions): unknown {
    const rules = { timeout: duration(true) };
    const { timeout = 60_000 } = validateOptions<SyncOptions>(
      `${this.name}.runSync`,
      options,
      rules,
    );
    const job = this.submit(task as Task<unknown, unknown>, input, { priority: Infinity });
    const ending = waitBlocked(job as TaskRun, this.scheduler, timeout);
    return ending.ok ? ending.value : joinStack(ending.value);
  }
}
