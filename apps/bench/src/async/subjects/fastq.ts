import fastq from "fastq";
import { packageVersion } from "../../package-version.ts";
import type { AsyncSubject } from "../async-subject.ts";
import { type Items, limiterOf } from "../limiter.ts";

/** With promises, as its README has it: one worker function, to which items are pushed. It cannot stop waiting. */
export const fastqPromises: AsyncSubject = {
  name: "fastq",
  kind: "peer",
  version: packageVersion("fastq"),
  limiter(permits) {
    const queue = fastq.promise<unknown, () => Promise<void>, void>((task) => task(), permits);
    return limiterOf((task) => queue.push(task));
  },
  queue: (): Items => ({
    async passOn(items, workers, task) {
      const queue = fastq.promise<unknown, number, void>(() => task(), workers);
      const all: Promise<void>[] = [];
      for (let item = 0; item < items; item++) all.push(queue.push(item));
      await Promise.all(all);
    },
  }),
};
