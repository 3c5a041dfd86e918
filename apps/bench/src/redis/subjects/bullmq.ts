import { Queue, QueueEvents } from "bullmq";
import { Redis } from "ioredis";
import { packageVersion } from "../../package-version.ts";
import { startWorker } from "../private-redis.ts";
import type { QueueClient, QueueSubject } from "../queue-client.ts";

/** More than a work has tasks. */
const kept = 50_000;

const workerFile = new URL("../workers/bullmq.js", import.meta.url);

/**
 * Jobs are removed when they are done, as its guide for production advises; but not before they were asked for, which
 * would be an error, and no event either: whoever waits for one that was trimmed waits for ever.
 */
async function open(url: string, bulk: boolean): Promise<QueueClient> {
  const stop = await startWorker(workerFile, url);
  const connections = [1, 2].map(() => new Redis(url, { maxRetriesPerRequest: null }));
  const [commands, blocking] = connections as [Redis, Redis];
  const queue = new Queue("bench", {
    connection: commands,
    defaultJobOptions: { removeOnComplete: kept },
    streams: { events: { maxLen: 10 * kept } },
  });
  const events = new QueueEvents("bench", { connection: blocking });
  events.setMaxListeners(0);
  queue.setMaxListeners(0);
  await events.waitUntilReady();
  const run = async (input: number): Promise<number> => {
    const job = await queue.add("noop", input);
    return (await job.waitUntilFinished(events)) as number;
  };
  const addAll = async (inputs: readonly number[]): Promise<number[]> => {
    const jobs = await queue.addBulk(inputs.map((data) => ({ name: "noop", data })));
    return Promise.all(jobs.map((job) => job.waitUntilFinished(events) as Promise<number>));
  };
  return {
    run,
    all: bulk ? addAll : (inputs) => Promise.all(inputs.map(run)),
    close: async () => {
      await Promise.all([queue.close(), events.close()]);
      for (const connection of connections) connection.disconnect();
      await stop();
    },
  };
}

const version = packageVersion("bullmq");

/** By hand: `add` and `waitUntilFinished`. */
export const bullmq: QueueSubject = {
  name: "BullMQ add + waitUntilFinished",
  kind: "peer",
  version,
  open: (url) => open(url, false),
};

/** The same with `addBulk`, where there are many. */
export const bullmqBulk: QueueSubject = {
  name: "BullMQ addBulk",
  kind: "peer",
  version,
  open: (url) => open(url, true),
};
