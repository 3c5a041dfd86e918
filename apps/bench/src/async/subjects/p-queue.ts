import PQueue from "p-queue";
import { packageVersion } from "../../package-version.ts";
import type { AsyncSubject } from "../async-subject.ts";
import { type Items, limiterOf } from "../limiter.ts";

/** It runs functions; a signal is an option of `add`. As a queue of items it gets a function for each. */
export const pQueue: AsyncSubject = {
  name: "p-queue",
  kind: "peer",
  version: packageVersion("p-queue"),
  limiter(permits) {
    const queue = new PQueue({ concurrency: permits });
    return limiterOf((task) => queue.add(task), {
      useWith: (signal, task) => queue.add(task, { signal }),
    });
  },
  queue: (): Items => ({
    async passOn(items, workers, task) {
      const queue = new PQueue({ concurrency: workers });
      for (let item = 0; item < items; item++) void queue.add(task);
      await queue.onIdle();
    },
  }),
};
