import BeeQueue from "bee-queue";
import { packageVersion } from "../../package-version.ts";
import { startWorker } from "../private-redis.ts";
import type { QueueSubject } from "../queue-client.ts";

/** Data is an object, since it takes 0 for none. Results by its events; jobs are removed when they are done. A result that comes before `save()` is back is lost. */
export const beeQueue: QueueSubject = {
  name: "bee-queue",
  kind: "peer",
  version: packageVersion("bee-queue"),
  async open(url) {
    const stop = await startWorker(new URL("../workers/bee-queue.js", import.meta.url), url);
    const queue = new BeeQueue<{ input: number }>("bench", {
      redis: { url },
      isWorker: false,
      removeOnSuccess: true,
    });
    await queue.ready();
    const run = (input: number): Promise<number> =>
      new Promise((resolve, reject) => {
        const job = queue.createJob({ input });
        job.on("succeeded", (result: number) => resolve(result));
        job.on("failed", reject);
        job.save().catch(reject);
      });
    return {
      run,
      all: (inputs) => Promise.all(inputs.map(run)),
      close: async () => {
        await queue.close();
        await stop();
      },
    };
  },
};
