import { systemClock } from "@quintet/core/kit";
import type { Redis } from "ioredis";
import { type BullJob, DelayedError, UnrecoverableError, WaitingError } from "./bull.ts";
import { checked } from "./checked.ts";
import type { Dependencies } from "./dependencies.ts";
import { aloneField, asideField, deadField, type QueueKeys } from "./queue-keys.ts";
import type { RedisTime } from "./redis-time.ts";
import type { JobEnd } from "./transport.ts";

/** What the end of a job touches. */
export interface JobEndings {
  readonly redis: Redis;
  readonly keys: QueueKeys;
  readonly time: RedisTime;
  readonly dependencies: Dependencies;
  readonly onError: (error: Error) => void;
}

/** Tells BullMQ what becomes of a job, in the ways it has for that. */
export async function finishJob(
  job: BullJob,
  token: string,
  end: JobEnd,
  { redis, keys, time, dependencies, onError }: JobEndings,
): Promise<null> {
  const id = job.id ?? "";
  const key = keys.job(id);
  // Anybody may have sent it, and it may hold anything.
  if (end.type !== "back" && Object(job.data).after) await dependencies.forget(id);
  if (end.type === "done") return null;
  if (end.type === "dead") {
    // Whoever puts it back, perhaps from a dashboard, has it tried as if it were new.
    await checked(redis.multi().hdel(key, aloneField, "stc", "ats").hset(key, deadField, 1).exec());
    throw new UnrecoverableError(end.reason);
  }
  if (end.envelope) await job.updateData(time.sent(end.envelope));
  await redis.hdel(key, aloneField);
  if (end.aside) await redis.hincrby(key, asideField, 1);
  if (end.delay > 0) {
    if (end.aside === "dependencies") await dependencies.putAside(id);
    await job.moveToDelayed(systemClock.date() + end.delay, token);
    if (end.aside === "dependencies") await dependencies.wakeIfOpen(id).catch(onError);
    throw new DelayedError();
  }
  await job.moveToWait(token);
  // BullMQ wakes nobody for a job with a priority that comes back.
  await redis.zadd(keys.job("marker"), 0, "0");
  throw new WaitingError();
}
