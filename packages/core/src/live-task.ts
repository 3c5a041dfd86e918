/** A task that an executor has not done with. */
export interface LiveTask {
  /** The id of this run of the task: its `context.id`, and its `job.id`. */
  readonly id: string;
  /** The id of the task, or the name of a plain function. */
  readonly task: string;
  /** `waiting` is before it is accepted, because the queue is full. */
  readonly state: "waiting" | "queued" | "running";
  /** Cancelled, and its caller was told so; but its function runs on. */
  readonly cancelled: boolean;
  /** 1 at first; grows with each retry. */
  readonly attempt: number;
  /** When it came into its state. */
  readonly since: Date;
  /** Where it runs, such as `"thread 3"`; absent while it does not, and where there are no workers. */
  readonly worker?: string;
}
