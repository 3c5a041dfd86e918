import type { Names } from "./names.ts";

/** What a task has written to its standard output or error. */
export interface TaskOutput {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** Options of `run` and `submit`. All durations are milliseconds. */
export interface RunOptions {
  /** Cancels in every state; the task rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Longest running time. Its clock starts when the task starts. Default: none. */
  readonly timeout?: number | undefined;
  /** When it must be done, waiting included: a `Date`, or milliseconds since 1970. Default: never. */
  readonly deadline?: Date | number | undefined;
  /** Higher first, first come first within one. Any number but NaN. Default: 0. */
  readonly priority?: number | undefined;
  /**
   * Tasks with the same key run one at a time, in order, and on one worker while that lives: there they find what the
   * ones before them left. Higher priorities go first among them too. `1` and `"1"` are different keys.
   * Default: none.
   */
  readonly key?: string | number | undefined;
  /** Buffers, ports and streams in the input that move to the task instead of being copied; unusable here afterwards. */
  readonly transfer?: readonly object[] | undefined;
  /** How often it is started again after its worker was lost. Default: 0. */
  readonly retries?: number | undefined;
  /** What `context.id` and `job.id` say, so that one job may be several runs; set by policies. Default: a new one. */
  readonly id?: string | undefined;
  /** What `context.attempt` says at first; set by retrying policies. Default: 1. */
  readonly attempt?: number | undefined;
  /**
   * An executor whose names `context.semaphore` and `context.channel` mean, so that tasks here share them with tasks there.
   * One that is made with `TaskExecutor`, as all of Quintet's are. Default: this one.
   */
  readonly names?: Names | undefined;
  /** Gets what the task passes to `context.progress`. When it throws, the task is cancelled with that error. */
  readonly onProgress?: ((value: unknown) => void) | undefined;
  /**
   * Gets what is written to stdout and stderr while the task runs, in order and before its result, instead of the
   * caller's own. When it throws, the task is cancelled with that error. Default: it goes to the caller's own.
   */
  readonly onOutput?: ((output: TaskOutput) => void) | undefined;
}

/** Options of `stream`. */
export interface StreamOptions extends RunOptions {
  /** How many items may wait for the consumer before the producer is paused. Default: 16. */
  readonly window?: number | undefined;
}

/** How far a map has come. */
export interface MapProgress {
  readonly done: number;
  readonly failed: number;
  /** Where the number of inputs is known. */
  readonly total?: number;
}

/** Options of `map`. `signal` and `deadline` bound the whole map, the others each of its tasks. */
export interface MapOptions extends Omit<
  RunOptions,
  "onProgress" | "onOutput" | "transfer" | "id" | "attempt" | "key"
> {
  /** How many tasks are under way at once. Default: what the executor can run, at most 64 on an unlimited one. */
  readonly concurrency?: number | undefined;
  /** Yield results in the order of the inputs; otherwise as they come. Default: true. */
  readonly ordered?: boolean | undefined;
  /** How many inputs are handed over at a time; a hint. Default: `"auto"`. */
  readonly chunk?: number | "auto" | undefined;
  /** How many inputs may be read whose results are not yet consumed. Default: twice `concurrency`. */
  readonly window?: number | undefined;
  /** Yield an `Outcome` for each input instead of stopping at the first error. Default: false. */
  readonly settle?: boolean | undefined;
  /** Told after each task. When it throws, the map fails with that error. */
  readonly onProgress?: ((progress: MapProgress) => void) | undefined;
}

/** Options of `close`. */
export interface CloseOptions {
  /** Abort what was accepted, with a `ClosedError`. Default: finish it. */
  readonly cancel?: boolean | undefined;
  /** After this many milliseconds abort what is left and stop its workers. Default: wait without bound. */
  readonly deadline?: number | undefined;
}
