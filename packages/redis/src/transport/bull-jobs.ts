import type { BullJob, BullQueue } from "./bull.ts";
import { checkEnvelope, type Envelope } from "./protocol.ts";
import type { Repeat } from "../client/repeat.ts";
import type { RedisTime } from "./redis-time.ts";
import type { FetchedJob, FoundJob } from "./transport.ts";

const states: Readonly<Record<string, FoundJob["state"]>> = {
  active: "running",
  delayed: "delayed",
  failed: "dead",
};

/** A job by its id, in our words. *Errors*: `MALFORMED` when it is none of ours. */
export async function findJob(queue: BullQueue, id: string): Promise<FoundJob | undefined> {
  const job = await queue.getJob(id);
  if (!job) return undefined;
  const state = await job.getState();
  const { failedReason: reason } = job;
  return { state: states[state] ?? "queued", envelope: checkEnvelope(job.data), reason };
}

/** Takes a job out of the dead letters, where it is one: it would keep out all that are sent under its id. */
export async function removeDead(queue: BullQueue, id: string): Promise<boolean> {
  return (await queue.getJobState(id)) === "failed" && (await queue.remove(id)) === 1;
}

/** Has BullMQ add a job again and again, each with an id of its own. */
export async function repeatJob(
  queue: BullQueue,
  id: string,
  when: Repeat,
  envelope: Envelope,
  priority: number,
): Promise<void> {
  const times =
    "every" in when
      ? { every: when.every }
      : { pattern: when.cron, ...(when.timeZone !== undefined && { tz: when.timeZone }) };
  const template = { name: envelope.task, data: envelope, opts: { priority } };
  await queue.upsertJobScheduler(id, times, template);
}

/** A job as a worker gets it, in our words. */
export function fetched(job: BullJob, time: RedisTime): FetchedJob {
  return {
    id: job.id ?? "",
    data: time.received(job.data),
    level: job.priority,
    losses: job.stalledCounter,
    deliveries: job.attemptsStarted,
  };
}
