import { verify } from "../mismatch-error.ts";
import { type Cost, measure } from "../measure.ts";
import type { ThreadPool } from "./thread-pool.ts";

/** So many tasks warm everybody up. */
const mostWarm = 20_000;

/**
 * Starts so many tasks in one tick and awaits them together, as many times in a row as is said; checks each output
 * after the clock has stopped, and says what it all took.
 */
export async function atOnce(pool: ThreadPool, tasks: number, times = 1): Promise<Cost> {
  const { value, ...cost } = await measure(
    async () => {
      const all: number[][] = [];
      for (let time = 0; time < times; time++) all.push(await runAll(pool, tasks));
      return all;
    },
    () => runAll(pool, Math.min(tasks, mostWarm)),
  );
  for (const outputs of value) {
    verify("number of results", tasks, outputs.length);
    for (const [input, output] of outputs.entries()) verify(`noop(${input})`, input + 1, output);
  }
  return cost;
}

function runAll(pool: ThreadPool, tasks: number): Promise<number[]> {
  const promises: Promise<number>[] = [];
  for (let input = 0; input < tasks; input++) promises.push(pool.run("noop", input));
  return Promise.all(promises);
}
