/**
 * What a task function gets beside its input. Everything is lazy: a task that uses none of it pays for none.
 *
 * Named semaphores and channels will join it under `semaphore` and `channel`.
 */
export interface TaskContext {
  /** The id of this run; the same one the caller's `Job` has. */
  readonly id: string;
  /** 1 at first; grows with each retry. */
  readonly attempt: number;
  /** Aborts when the caller cancels, a time bound passes, or the executor is closed with `cancel`. */
  readonly signal: AbortSignal;
  /** Whether `signal` has aborted. On threads even a loop that never yields sees it change. */
  readonly cancelled: boolean;
  /** What the pool's `setup` returned in this worker; `undefined` where there is none. */
  readonly state: unknown;
  /** Reports to the caller's `onProgress` and `job.progress`; the value travels like a result. */
  readonly progress: (value: unknown) => void;
}
