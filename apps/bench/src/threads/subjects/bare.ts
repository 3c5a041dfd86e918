import { Worker } from "node:worker_threads";
import type { ThreadPool } from "../thread-pool.ts";
import type { ThreadSubject } from "../thread-subject.ts";
import { workerFile } from "../worker-file.ts";

/** What takes Node alone, written as one would by hand: a message for each task, workers in turn, a map of promises. */
export const bare: ThreadSubject = {
  name: "bare postMessage",
  kind: "floor",
  version: process.version,
  module: import.meta.url,
  open({ size }): ThreadPool {
    const workers = Array.from({ length: size }, () => new Worker(workerFile("bare.js")));
    const waiting = new Map<number, (output: never) => void>();
    let next = 0;
    for (const worker of workers) {
      worker.on("message", ({ id, output }: { id: number; output: never }) => {
        waiting.get(id)?.(output);
        waiting.delete(id);
      });
    }
    function post(name: string, input: unknown, transfer?: ArrayBuffer[], move?: boolean) {
      const id = next++;
      return new Promise<never>((resolve) => {
        waiting.set(id, resolve);
        workers[id % size]?.postMessage({ id, name, input, move }, transfer ?? []);
      });
    }
    return {
      run: (name, input) => post(name, input),
      send: (bytes) => post("weigh", bytes, [bytes.buffer]),
      bounce: (bytes) => post("stamp", bytes, [bytes.buffer], true),
      close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
    };
  },
};
