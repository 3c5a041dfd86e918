import type { Redis } from "ioredis";
import { type BullJob, bullQueue, type BullQueue } from "../transport/bull.ts";
import { answered, type Connection, connect } from "../transport/connection.ts";
import { type EndPaths, tellCancelled, tellWorkers } from "../transport/controls.ts";
import { Dependencies } from "../transport/dependencies.ts";
import { encodeError } from "../values/encode-value.ts";
import { jobOfId, KeptResults } from "../transport/kept-results.ts";
import type { WorkerCard } from "../transport/protocol.ts";
import { aloneField, queueKeys, type QueueKeys } from "../transport/queue-keys.ts";
import { isRefusal } from "../transport/refusal.ts";
import { SocketHold } from "../transport/socket-hold.ts";
import { workerCards } from "../transport/worker-cards.ts";

/** How many jobs are in each state, and who serves the queue. */
export interface QueueInfo {
  readonly queue: string;
  readonly paused: boolean;
  readonly waiting: number;
  readonly delayed: number;
  readonly running: number;
  /** Dead letters. */
  readonly dead: number;
  readonly workers: readonly WorkerCard[];
}

/** What the list of jobs tells of one. */
export interface JobLine {
  readonly id: string;
  readonly task: string;
  readonly tasks: number;
  readonly state: JobState;
  /** When it was sent. */
  readonly sent: string;
  readonly reason?: string;
}

export type JobState = "waiting" | "delayed" | "running" | "dead";

const bullStates = {
  waiting: ["prioritized", "waiting"],
  delayed: ["delayed"],
  running: ["active"],
  dead: ["failed"],
} as const;

/** Looks at a queue, and puts it in order. */
export class QueueAdmin {
  readonly #keys: QueueKeys;
  readonly #redis: Redis;
  readonly #queue: BullQueue;
  readonly #paths: EndPaths;
  readonly #refused: Promise<never>;

  constructor(
    queue: string,
    connection: Connection,
    prefix: string | undefined,
    told: (error: Error) => void = () => {},
  ) {
    this.#keys = queueKeys(queue, prefix);
    const refused = Promise.withResolvers<never>();
    refused.promise.catch(() => {}); // whoever asks hears of it
    this.#refused = refused.promise;
    const onError = (error: Error): void => {
      if (isRefusal(error) || "code" in error) refused.reject(error);
      told(error);
    };
    this.#redis = connect(connection, onError);
    this.#queue = bullQueue(this.#keys, this.#redis, onError, true);
    this.#paths = {
      redis: this.#redis,
      keys: this.#keys,
      kept: new KeptResults(this.#redis, this.#keys),
      dependencies: new Dependencies(this.#redis, this.#keys, this.#queue),
    };
  }

  /** Rejects when Redis does not answer, instead of waiting for it. */
  ask<T>(question: () => Promise<T>): Promise<T> {
    return Promise.race([question(), this.#refused]);
  }

  /** Lets the process end although this is open. */
  unref(): void {
    new SocketHold(this.#redis).set(false);
  }

  async info(): Promise<QueueInfo> {
    await answered(this.#redis, this.#redis.ping());
    const counts = await this.#queue.getJobCounts();
    const of = (...states: readonly string[]): number =>
      states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
    return {
      queue: this.#keys.queue,
      paused: await this.#queue.isPaused(),
      waiting: of("prioritized", "waiting", "paused"),
      delayed: of("delayed"),
      running: of("active"),
      dead: of("failed"),
      workers: await workerCards(this.#redis, this.#keys),
    };
  }

  async jobs(state: JobState, limit: number): Promise<JobLine[]> {
    const jobs = (await this.#queue.getJobs(
      [...bullStates[state]],
      0,
      limit - 1,
      true,
    )) as BullJob[];
    return jobs.filter(Boolean).map((job) => ({
      id: job.id ?? "",
      task: job.data?.task ?? job.name,
      tasks: job.data?.items?.length ?? 1,
      state,
      sent: new Date(job.timestamp).toISOString(),
      ...(job.failedReason && { reason: job.failedReason }),
    }));
  }

  /** Puts dead letters back into the queue, as if they were new; gives how many. */
  async requeue(id: string | undefined): Promise<number> {
    const dead = id === undefined ? await this.#queue.getFailed(0, -1) : await this.#find(id);
    let count = 0;
    for (const job of dead) {
      if (!(await job.isFailed())) continue;
      await this.#redis.hdel(this.#keys.job(job.id ?? ""), "stc", aloneField);
      await job.retry("failed", { resetAttemptsMade: true, resetAttemptsStarted: true });
      count++;
    }
    return count;
  }

  /** Takes a job out of the queue, or aborts it where it runs; false when there is none. */
  async cancel(id: string): Promise<boolean> {
    const [job] = await this.#find(id);
    if (!job) return false;
    const reason = encodeError(
      new DOMException("The job was cancelled from the command line.", "AbortError"),
    ).json;
    const { to, items } = job.data;
    const isOut = (await this.#queue.remove(job.id ?? "")) === 1;
    if (isOut) await tellCancelled(this.#paths, job.id ?? "", job.data, reason);
    else {
      for (const { n } of items) {
        await tellWorkers(this.#redis, this.#keys, { type: "cancel", to, n, reason });
      }
    }
    return true;
  }

  pause(): Promise<void> {
    return this.#queue.pause();
  }

  resume(): Promise<void> {
    return this.#queue.resume();
  }

  /** Removes what waits, also what waits for its time; what runs goes on. */
  empty(): Promise<void> {
    return this.#queue.drain(true);
  }

  /**
   * Removes a queue that nobody uses any more. What its clients have left outside of it, as they do of tasks they have
   * cancelled, is found by looking at all keys there are, and only where `isThorough`.
   */
  async obliterate(isThorough: boolean): Promise<void> {
    await this.#queue.obliterate({ force: true });
    if (!isThorough) return;
    const pattern = `${this.#keys.prefix}.*`;
    for await (const keys of this.#redis.scanStream({ match: pattern, count: 10_000 })) {
      if (keys.length > 0) await this.#redis.del(...(keys as string[]));
    }
  }

  async close(): Promise<void> {
    await this.#queue.close().catch(() => {}); // it may never have been open
    this.#redis.disconnect();
  }

  async #find(id: string): Promise<BullJob[]> {
    const job = (await this.#queue.getJob(id)) ?? (await this.#queue.getJob(jobOfId(id)));
    return job ? [job] : [];
  }
}
