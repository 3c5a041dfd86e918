import type { Task } from "@quintet/core";
import { strings, typed, validateOptions } from "@quintet/core/kit";
import {
  poolExecutor,
  type PoolOptions,
  poolRules,
  type SyncOptions,
  type WorkerPool,
} from "@quintet/pool";
import { mostThreads, readings } from "./most-threads.ts";
import { type ThreadOptions, ThreadTransport } from "./thread-transport.ts";

/** Options of `threads`. */
export interface ThreadsOptions<Input = never, State = unknown>
  extends PoolOptions<Input, State>, ThreadOptions {}

/** An executor that runs tasks on threads. */
export interface ThreadPool extends WorkerPool {
  /**
   * Runs a task and blocks this thread until it has ended: for the rare caller that cannot wait otherwise. Gives its
   * value, that of a generator its return value, or throws its error.
   *
   * It goes before all that waits, and starts a thread where none is up; in a bundle none can start while its caller
   * blocks, so await `ready()` there. Other tasks go on and settle; callbacks such as `onProgress` are called
   * meanwhile. Timers wait: neither a `timeout` nor the `grace` of other tasks ends while this thread blocks.
   *
   * *Ordering*: before all that waits.
   * *Cancellation*: after `timeout` it throws `TIMEOUT`; the task sees its signal, and its thread is stopped `grace`
   * milliseconds after this thread goes on.
   * *Errors*: those of `run`, and `WORKER_START_FAILED` when no thread came up in time.
   * *Cost*: nothing else happens on this thread. Await `run` wherever that is possible.
   */
  runSync<Output>(task: Task<void, Output>, input?: undefined, options?: SyncOptions): Output;
  runSync<Input, Output>(
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    options?: SyncOptions,
  ): Output;
}

/**
 * Makes an executor that runs tasks on worker threads: for work that computes.
 * A thread runs one task at a time and imports the module that defines it.
 *
 * *Ordering*: by priority, first come first within one.
 * *Cancellation*: the task's signal fires at once; a task that has not ended `grace` milliseconds later
 * loses its thread, and only that task does.
 * *Errors*: `INVALID_OPTION`, `NOT_CLONEABLE` for `setupInput`.
 * *Cost*: a thread takes some 30 ms and 5 MB to start; nothing is started before the first task or `ready()`.
 *
 * @example
 * ```ts
 * import { inline } from "@quintet/core";
 * import { threads } from "@quintet/threads";
 *
 * const pool = threads({ size: 2 });
 * const square = inline((n: number) => n * n);
 * console.log(await pool.map(square, [1, 2, 3]).toArray()); // => [ 1, 4, 9 ]
 * await pool.close();
 * ```
 */
export function threads<Input, State>(options?: ThreadsOptions<Input, State>): ThreadPool {
  const checked = validateOptions<ThreadsOptions<Input, State>>("threads()", options, {
    ...poolRules,
    resourceLimits: typed("object"),
    env: typed("object"),
    argv: strings,
    execArgv: strings,
    parking: typed("boolean"),
  });
  return poolExecutor("threads", mostThreads(readings()), new ThreadTransport(checked), checked);
}
