import type { CoroutineSubject } from "../coroutine-subject.ts";
import { sum } from "../sum.ts";

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** What one writes without a library: async functions that wait for the event loop's next turn. */
export const asyncFunctions: CoroutineSubject = {
  name: "async, setImmediate",
  kind: "floor",
  version: process.version,
  steps(count, steps, work) {
    const stepping = async (): Promise<void> => {
      for (let step = 0; step < steps; step++) {
        work();
        await turn();
      }
    };
    return Promise.all(Array.from({ length: count }, stepping));
  },
  async waits(times) {
    let total = 0;
    for (let time = 0; time < times; time++) total += await Promise.resolve(1);
    return total;
  },
  starts: (count) => sum(Array.from({ length: count }, () => turn().then(() => 1))),
};

/** Generators in turns, and nothing else: no timer gets through. */
export const bareGenerators: CoroutineSubject = {
  name: "bare generators",
  kind: "floor",
  version: process.version,
  async steps(count, steps, work) {
    function* stepping(): Generator<void> {
      for (let step = 0; step < steps; step++) {
        work();
        yield;
      }
    }
    let all = Array.from({ length: count }, stepping);
    while (all.length > 0) all = all.filter((generator) => !generator.next().done);
  },
};
