import { onAbort, systemClock } from "@quintet/core/kit";
import { decodeError, decodeValue } from "../values/decode-value.ts";
import { encodeError } from "../values/encode-value.ts";
import { jobOfId } from "../transport/kept-results.ts";
import { ExpiredError, ResultLostError } from "../queue-errors.ts";
import type { ClientLink, FoundJob } from "../transport/transport.ts";

/** Where a job of a queue stands; `unknown` when there is none, or its result is kept no longer. */
export type QueueJobState = FoundJob["state"] | "completed" | "failed" | "unknown";

/** Options of `QueueJob.result`. */
export interface ResultOptions {
  /** Stops waiting; the task goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** A task that was sent under an id, perhaps by another process. */
export interface QueueJob {
  readonly id: string;
  state(): Promise<QueueJobState>;
  /**
   * Waits for its result, which must be kept: that of a task with an `id`, for `resultTtl`.
   *
   * *Errors*: the task's own; `EXPIRED` when there is no such job, or its result is kept no longer; `RESULT_LOST` when it
   * is a dead letter, and no result was kept; `UNREACHABLE` when Redis has not answered for the client's `sendTimeout`.
   * *Cost*: asks Redis ever less often, at last once a second.
   */
  result(options?: ResultOptions): Promise<unknown>;
  /** Takes it out of the queue, or aborts it where it runs. False when there is nothing to cancel. */
  cancel(reason?: unknown): Promise<boolean>;
}

/** Milliseconds between two questions: the first, and the longest. */
const soonest = 20;
const latest = 1_000;

/** A job by its id. */
export class FoundQueueJob implements QueueJob {
  readonly id: string;
  readonly #job: string;
  readonly #link: ClientLink;

  constructor(link: ClientLink, id: string) {
    this.id = id;
    this.#job = jobOfId(id);
    this.#link = link;
  }

  async state(): Promise<QueueJobState> {
    const { kept } = await this.#link.kept(this.#job);
    if (kept) return kept.frame[0] === "r" ? "completed" : "failed";
    return (await this.#link.find(this.#job))?.state ?? "unknown";
  }

  async result({ signal }: ResultOptions = {}): Promise<unknown> {
    let wasThere = true;
    let death: ResultLostError | undefined;
    for (let pause = soonest; ; pause = Math.min(2 * pause, latest)) {
      signal?.throwIfAborted();
      const { kept, task } = await this.#link.kept(this.#job);
      if (kept) {
        const [kind, , value] = kept.frame;
        if (kind === "r") return decodeValue(value);
        throw decodeError(value, kept.worker);
      }
      // Between its job and its result there may be a moment without either.
      if (task === undefined && !wasThere) {
        throw new ExpiredError(
          `The queue knows no job ${JSON.stringify(this.id)}: it was never sent under this id, or its result is kept no longer.`,
        );
      }
      wasThere = task !== undefined;
      // What a dead letter had to tell was kept before it was one.
      if (death) throw death;
      death = wasThere ? await this.#death() : undefined;
      if (death) continue;
      await sleep(pause, signal);
    }
  }

  /** Nobody will run a dead letter, unless it is put back into the queue. */
  async #death(): Promise<ResultLostError | undefined> {
    const found = await this.#link.find(this.#job);
    if (found?.state !== "dead") return undefined;
    return new ResultLostError(
      `The job ${JSON.stringify(this.id)} is among the dead letters, and no result of it was kept: ${found.reason}`,
    );
  }

  async cancel(
    reason: unknown = new DOMException("The job was cancelled.", "AbortError"),
  ): Promise<boolean> {
    return this.#link.during(() => this.#cancel(reason));
  }

  async #cancel(reason: unknown): Promise<boolean> {
    const found = await this.#link.find(this.#job);
    const item = found?.envelope.items[0];
    if (!found || !item) return false;
    const { json } = encodeError(reason);
    if (found.state !== "running" && (await this.#link.remove(this.#job))) {
      await this.#link.tellCancelled(this.#job, found.envelope, json);
    } else {
      const { to } = found.envelope;
      await this.#link.tell({ type: "cancel", to, n: item.n, reason: json });
    }
    return true;
  }
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const registration =
      signal &&
      onAbort(signal, (reason) => {
        timer.cancel();
        // oxlint-disable-next-line promise/prefer-promise-reject-errors -- it is the caller's own
        reject(reason);
      });
    const timer = systemClock.after(milliseconds, () => {
      registration?.leave();
      resolve();
    });
  });
}
