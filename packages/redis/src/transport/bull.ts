/** All that is known of BullMQ's classes: the settings that its users have suffered from are forced here. */
import { DelayedError, type Job, Queue, UnrecoverableError, WaitingError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Envelope } from "./protocol.ts";
import type { QueueKeys } from "./queue-keys.ts";

export { DelayedError, UnrecoverableError, WaitingError };

export type BullJob = Job<Envelope, null>;
export type BullQueue = Queue<Envelope, null>;
export type BullWorker = Worker<Envelope, null>;

/** How many jobs that failed are kept, and for how many seconds: the dead letters. */
const deadLetters = { age: 14 * 24 * 3600, count: 10_000 };

/** Events that other tools listen to; the results do not go that way. */
const streams = { events: { maxLen: 1_000 } };

/** Opens a queue over a connection that stays the caller's. Who only looks at it leaves no trace of that. */
export function bullQueue(
  keys: QueueKeys,
  redis: Redis,
  onError: (error: Error) => void,
  isLook: boolean = false,
): BullQueue {
  const queue: BullQueue = new Queue(keys.queue, {
    connection: redis,
    prefix: keys.prefix,
    streams,
    skipMetasUpdate: isLook,
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: deadLetters },
  });
  queue.on("error", onError);
  return queue;
}

/** Settings of a worker. */
export interface BullWorkerOptions {
  readonly name: string;
  readonly concurrency: number;
  /** Milliseconds after which a job of a worker that is silent goes to another one. */
  readonly lease: number;
}

/** Fetches jobs and hands them over, `concurrency` at a time; `run()` starts it. */
export function bullWorker(
  keys: QueueKeys,
  redis: Redis,
  { name, concurrency, lease }: BullWorkerOptions,
  process: (job: BullJob, token: string) => Promise<null>,
): BullWorker {
  return new Worker<Envelope, null>(keys.queue, (job, token = "") => process(job, token), {
    connection: redis,
    prefix: keys.prefix,
    name,
    concurrency,
    autorun: false,
    lockDuration: lease,
    stalledInterval: Math.max(Math.round(lease / 3), 100),
    // Crashes are counted by us: BullMQ fails whatever shared a worker with the guilty task.
    maxStalledCount: 1_000_000,
    // What is done must be told within the lease.
    runRetryDelay: Math.min(Math.round(lease / 4), 5_000),
    drainDelay: 5,
  });
}
