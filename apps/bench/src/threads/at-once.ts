import { verify } from "../mismatch-error.ts";
import { type Cost, measure } from "../measure.ts";
import type { ThreadPool } from "./thread-pool.ts";

/**
 * Starts so many tasks in one tick and awaits them together, as many times in a row as is said; checks each output
 * after the clock has stopped, and says what it all took.
 */
export async function atOnce(pool: ThreadPool, tasks: number, times = 1): Promise<Cost> {
  const { value, ...cost } = await measure(async () => {
    const all: number[][] = [];
    for (let time = 0; time < times; time++) {
      const promises: Promise<number>[] = [];
      for (let input = 0; input < tasks; input++) promises.push(pool.run("noop", input));
      all.push(await Promise.all(promises));
    }
    return all;
  });
  for (const outputs of value) {
    verify("number of results", tasks, outputs.length);
    for (const [input, output] of outputs.entries()) verify(`noop(${input})`, input + 1, output);
  }
  return cost;
}
