import { redis } from "@quintet/redis";
import { packageVersion } from "../../package-version.ts";
import { startWorker } from "../private-redis.ts";
import type { QueueSubject } from "../queue-client.ts";
import { bench } from "../workers/noop.tasks.js";

/** `run`, and `map`; the worker runs tasks on its event loop. */
export const quintet: QueueSubject = {
  name: "quintet",
  kind: "ours",
  version: packageVersion("@quintet/redis"),
  async open(url) {
    const stop = await startWorker(new URL("../workers/quintet.js", import.meta.url), url);
    const queue = redis({ queue: "bench", connection: url });
    await queue.ready();
    return {
      run: (input) => queue.run(bench.noop, input),
      all: (inputs) => queue.map(bench.noop, inputs).toArray(),
      close: async () => {
        await queue.close();
        await stop();
      },
    };
  },
};
