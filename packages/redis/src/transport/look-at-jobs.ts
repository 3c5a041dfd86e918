import type { Redis } from "ioredis";
import type { QueueKeys } from "./queue-keys.ts";
import type { JobLook } from "./transport.ts";

/** How many commands go in one pipeline. */
const most = 500;

/** What becomes of jobs, which may be many. */
export async function lookAtJobs(
  redis: Redis,
  keys: QueueKeys,
  jobs: readonly string[],
): Promise<JobLook[]> {
  const looks: JobLook[] = [];
  for (let first = 0; first < jobs.length; first += most) {
    const pipeline = redis.pipeline();
    for (const job of jobs.slice(first, first + most)) {
      pipeline.hmget(keys.job(job), "timestamp", "finishedOn", "failedReason");
    }
    for (const [error, answer] of (await pipeline.exec()) ?? []) {
      if (error) throw error;
      const [there, finished, reason] = answer as (string | null)[];
      if (!there) looks.push("gone");
      else looks.push(finished ? { failed: reason ?? "" } : "there");
    }
  }
  return looks;
}
