import type { Connection } from "../transport/connection.ts";

/** Options of `rq`. All durations are milliseconds. */
export interface RqOptions {
  /** The name of RQ's queue. */
  readonly queue: string;
  /** Where Redis is. Default: `redis://127.0.0.1:6379`. */
  readonly connection?: Connection | undefined;
  /** How long Redis may take to take a job; then it rejects with `UNREACHABLE`. Default: 10,000. */
  readonly sendTimeout?: number | undefined;
  /** How long a job waits while nobody serves the queue; then it rejects with `NO_WORKERS`. Default: 60,000. */
  readonly noWorkersTimeout?: number | undefined;
}

/** Options of `run` and `submit`. All durations are milliseconds, which RQ rounds to seconds. */
export interface RqRunOptions {
  /** Arguments by name. Default: none. */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Takes it out of the queue, or stops it; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Longest running time, which RQ ends with a `JobTimeoutException`. Default: 180,000. */
  readonly timeout?: number | undefined;
  /** Letters, digits, "_" and "-". A job whose id is there already is not sent, but waited for. Default: a new one. */
  readonly id?: string | undefined;
  /** How long RQ keeps the result. Default: 500,000. */
  readonly resultTtl?: number | undefined;
  /** How long RQ keeps a job that failed. Default: a day. */
  readonly failureTtl?: number | undefined;
}

/** A function that was sent. */
export interface RqJob<Output> {
  readonly id: string;
  readonly result: Promise<Output>;
  /** Takes it out of the queue, or has its worker stop it; `result` then rejects with the reason. */
  cancel(reason?: unknown): void;
}

/** Sends functions of Python to the workers of RQ. Experimental. */
export interface RqClient extends AsyncDisposable {
  /**
   * Runs a function by its name, such as `"reports.render"`, and gives what it returns.
   *
   * *Errors*: `PythonError`; `NOT_CLONEABLE` for what is not plain JSON; `MALFORMED` when a worker answers with pickle;
   * `UNREACHABLE`, `NO_WORKERS`, `RESULT_LOST`, `CLOSED`; the signal's reason.
   */
  run<Output = unknown>(
    name: string,
    args?: readonly unknown[],
    options?: RqRunOptions,
  ): Promise<Output>;
  submit<Output = unknown>(
    name: string,
    args?: readonly unknown[],
    options?: RqRunOptions,
  ): RqJob<Output>;
  /** Waits for what was sent; with `cancel` that is cancelled. */
  close(options?: { readonly cancel?: boolean | undefined }): Promise<void>;
}
