/**
 * How long something took, over all tasks so far, in milliseconds. All are 0 while there is none.
 * Percentiles are at most 1.6 % off, or a microsecond; the others are exact.
 */
export interface Durations {
  /** How many were measured. */
  readonly count: number;
  readonly mean: number;
  /** Half of them took no longer. */
  readonly p50: number;
  /** Nine of ten took no longer. */
  readonly p90: number;
  /** 99 of 100 took no longer. */
  readonly p99: number;
  /** The longest. */
  readonly max: number;
}

/** Counts of an executor's tasks and workers, and how long its tasks took. */
export interface Stats {
  /** Submitted and not accepted yet, because the queue is full. */
  readonly waiting: number;
  /** Accepted and not started. */
  readonly queued: number;
  /** Started and not ended; a cancelled task counts until its function has ended. */
  readonly running: number;
  /** Ended with a result. */
  readonly completed: number;
  /** Ended with an error. */
  readonly failed: number;
  /** Given up before they ended: aborted, timed out, or closed. */
  readonly cancelled: number;
  /** Workers that are up or starting; 0 where there are none. */
  readonly workers: number;
  /** Workers that were lost or stopped in the middle of a task. */
  readonly restarts: number;
  /** From the moment the queue took a task to its start. One that starts again after its worker was lost counts again. */
  readonly wait: Durations;
  /** Of functions that have ended, however they did, by the clock of the place where they ran. */
  readonly run: Durations;
}
