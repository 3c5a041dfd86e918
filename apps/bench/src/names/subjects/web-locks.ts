import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { NameSubject } from "../name-subject.ts";

const file = fileURLToPath(new URL("../workers/locks.js", import.meta.url));

const take = async (worker: Worker, times: number): Promise<number> => {
  worker.postMessage(times);
  return ((await once(worker, "message")) as [number])[0];
};

/** Node's own locks by name, over its threads: exclusive ones without priorities, and no channels. */
export const webLocks: NameSubject = {
  name: "navigator.locks",
  kind: "peer",
  version: process.version,
  open() {
    if (!("locks" in navigator)) throw new Error("Node has had them from version 24 on.");
    const workers = [new Worker(file), new Worker(file)];
    return {
      async permits(count, times) {
        const taken = await Promise.all(workers.slice(0, count).map((one) => take(one, times)));
        return taken.reduce((sum, each) => sum + each, 0);
      },
      async close() {
        await Promise.all(workers.map((worker) => worker.terminate()));
      },
    };
  },
};
