import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { NameSubject } from "../name-subject.ts";

const file = fileURLToPath(new URL("../workers/asking.js", import.meta.url));

interface Message {
  readonly ask?: true;
  readonly release?: true;
  readonly value?: number;
  readonly taken?: number;
}

/**
 * The least that messages can cost: the caller grants one permit after the other, and counts values that come without
 * being asked for. Nothing is bounded, and nobody can give up or die.
 */
export const bareMessages: NameSubject = {
  name: "bare postMessage",
  kind: "floor",
  version: process.version,
  open() {
    const workers = [new Worker(file), new Worker(file)];
    const line: Worker[] = [];
    let isTaken = false;
    const grant = (worker: Worker | undefined): void => {
      isTaken = worker !== undefined;
      worker?.postMessage({ grant: true });
    };
    const work = (worker: Worker, permits: number, values: number): Promise<[number, number]> =>
      new Promise((resolve) => {
        let sum = 0;
        const receive = ({ ask, release, value = 0, taken }: Message): void => {
          sum += value;
          if (ask && isTaken) line.push(worker);
          else if (ask) grant(worker);
          else if (release) grant(line.shift());
          if (taken === undefined) return;
          worker.off("message", receive);
          resolve([taken, sum]);
        };
        worker.on("message", receive);
        worker.postMessage({ permits, values });
      });
    return {
      async permits(count, times) {
        const works = workers.slice(0, count).map((worker) => work(worker, times, 0));
        return (await Promise.all(works)).reduce((sum, [taken]) => sum + taken, 0);
      },
      async values(count) {
        return (await work(workers[0]!, 0, count))[1];
      },
      async close() {
        await Promise.all(workers.map((worker) => worker.terminate()));
      },
    };
  },
};
