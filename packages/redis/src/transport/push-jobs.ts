import type { BullQueue } from "./bull.ts";
import type { OutgoingJob } from "./transport.ts";

type Added = (Error | undefined)[];

/**
 * Adds jobs in one pipeline, in their order, and gives an error for each that Redis refused. They have ids of their own, so
 * one that is sent twice, because an answer was lost, is added once, as long as it is in the queue.
 */
export async function pushJobs(queue: BullQueue, jobs: readonly OutgoingJob[]): Promise<Added> {
  const bulk = jobs.map((job) => bullJob(job));
  if (bulk.length === 0) return [];
  try {
    await queue.addBulk(bulk);
    return bulk.map(() => undefined);
  } catch (error) {
    // A server that has restarted, or was promoted, knows BullMQ's script no more; in a pipeline ioredis does not send it again.
    const isForgotten = (error as Error).message.startsWith("NOSCRIPT");
    if (bulk.length === 1 && !isForgotten) return [error as Error];
  }
  // BullMQ tells of the first error alone, and some may have been added.
  const each = bulk.map(async ({ name, data, opts }) => {
    try {
      await queue.add(name, data, opts);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  });
  return Promise.all(each);
}

function bullJob({ id, envelope, level, delay }: OutgoingJob): {
  name: string;
  data: OutgoingJob["envelope"];
  opts: { jobId: string; priority: number; delay?: number };
} {
  const { length } = envelope.items;
  const name = length === 1 ? envelope.task : `${envelope.task} ×${length}`;
  const opts = { jobId: id, priority: level, ...(delay > 0 && { delay }) };
  return { name, data: envelope, opts };
}
