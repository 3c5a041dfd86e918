/** Counts of an executor's tasks and workers. */
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
}
