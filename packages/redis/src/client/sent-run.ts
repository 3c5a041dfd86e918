import type { TaskRun, Timer } from "@quintet/core/kit";
import type { Envelope, WireItem } from "../transport/protocol.ts";

/** What the engine keeps with a run. */
export interface SentRun {
  readonly run: TaskRun;
  readonly item: WireItem;
  /** What it shares with the tasks that it may share a job with. */
  readonly terms: Omit<Envelope, "items" | "at">;
  /** Milliseconds before it may start. */
  readonly delay: number;
  /** The job's id, where the caller gave the task one. */
  readonly jobId: string | undefined;
  /** Resolves when Redis has it, where that may be asked: with false when it ended before. */
  readonly arrival: PromiseWithResolvers<boolean> | undefined;
  /** About how many bytes its input takes. */
  readonly size: number;
  /** Its job; nothing as long as it waits for its batch. */
  job: string | undefined;
  /** How many tasks its job holds. */
  shares: number;
  /** When its job was sent, on the engine's clock. */
  sent: number;
  /** Which delivery of its job was heard of last. */
  delivery: number;
  /** Why it is being ended. */
  stopping: { readonly reason: unknown } | undefined;
  /** It was looked for once, and was not there: frames may still be on their way. */
  missing: boolean;
  /** It was cancelled, and the worker that has it does not live: nobody will tell of its end. */
  orphaned: boolean;
  /** Somebody else has sent its job, and may wait for it too. */
  deduped: boolean;
  /** Credits of a stream, over all. */
  granted: number;
  startTimer: Timer | undefined;
}
