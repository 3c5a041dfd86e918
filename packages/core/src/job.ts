/** Where a job stands. `waiting` is before it is accepted. */
export type JobState = "waiting" | "queued" | "running" | "completed" | "failed" | "cancelled";

/** The handle of a submitted task. */
export interface Job<Output> {
  /** The id its task sees as `context.id`. */
  readonly id: string;
  readonly state: JobState;
  /** Resolves when the executor's queue has taken it; rejects like `result` when it never does. */
  readonly accepted: Promise<void>;
  /** Settles as `run` would. A job whose `result` nobody asks for fails silently. */
  readonly result: Promise<Output>;
  /** The latest value the task reported, `undefined` before the first. */
  readonly progress: unknown;
  /** Cancels in every state; `result` rejects with the reason. Default: an `AbortError`. */
  cancel(reason?: unknown): void;
}
