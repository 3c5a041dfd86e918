import { Worker } from "node:worker_threads";
import type { ThreadPool } from "../thread-pool.ts";
import type { ThreadSubject } from "../thread-subject.ts";
import { workerFile } from "../worker-file.ts";

/**
 * The least that messages can cost: one for all tasks of a tick, shared out evenly, at most two on their way to
 * each worker. Nothing knows about priorities, errors, cancelling or lost workers.
 */
export const bareBatched: ThreadSubject = {
  name: "bare postMessage, one a tick",
  kind: "floor",
  version: process.version,
  module: import.meta.url,
  open({ size }): ThreadPool {
    const lanes = Array.from({ length: size }, () => new Lane());
    let names: unknown[] = [];
    let settlers: Settler[] = [];
    let isFlushing = false;

    for (const lane of lanes) lane.onRoom = flush;

    function flush(): void {
      isFlushing = false;
      const free = lanes.filter((lane) => lane.underWay < mostUnderWay);
      if (free.length === 0 || settlers.length === 0) return;
      const share = Math.ceil(settlers.length / free.length);
      free.forEach((lane, index) => {
        const tasks = names.slice(2 * share * index, 2 * share * (index + 1));
        if (tasks.length > 0) lane.post(tasks, settlers.slice(share * index, share * (index + 1)));
      });
      names = [];
      settlers = [];
    }

    return {
      run: (name, input) =>
        new Promise((resolve) => {
          names.push(name, input);
          settlers.push(resolve as Settler);
          if (isFlushing) return;
          isFlushing = true;
          queueMicrotask(flush);
        }),
      close: async () => void (await Promise.all(lanes.map(({ worker }) => worker.terminate()))),
    };
  },
};

type Settler = (output: unknown) => void;

const mostUnderWay = 2;

class Lane {
  readonly worker = new Worker(workerFile("bare-batched.js"));
  readonly #batches: Settler[][] = [];
  onRoom: () => void = () => {};

  constructor() {
    this.worker.on("message", (outputs: readonly unknown[]) => {
      const settlers = this.#batches.shift() ?? [];
      for (const [index, settle] of settlers.entries()) settle(outputs[index]);
      this.onRoom();
    });
  }

  get underWay(): number {
    return this.#batches.length;
  }

  post(tasks: readonly unknown[], settlers: Settler[]): void {
    this.#batches.push(settlers);
    this.worker.postMessage(tasks);
  }
}
