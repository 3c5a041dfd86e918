import type { ChannelOptions } from "./channel.ts";
import type { NamedChannel } from "./named-channel.ts";
import type { NamedSemaphore } from "./named-semaphore.ts";

/**
 * What a task function gets beside its input. Everything is lazy: a task that uses none of it pays for none.
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
  /**
   * The semaphore that the executor and all its tasks know by this name; see `Names`. Permits that the task has not given
   * back when it has ended go back by themselves. A task that is called directly has none: `NOT_SUPPORTED` is thrown.
   */
  readonly semaphore: (name: string, permits?: number) => NamedSemaphore;
  /** The channel that the executor and all its tasks know by this name; see `Names`. Otherwise like `semaphore`. */
  readonly channel: <T = unknown>(name: string, options?: ChannelOptions) => NamedChannel<T>;
}
