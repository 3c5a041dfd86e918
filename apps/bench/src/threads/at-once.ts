import { verify } from "../mismatch-error.ts";
import { type Cost, measure } from "../measure.ts";
import type { ThreadPool } from "./thread-pool.ts";

/** Starts so many tasks in one tick, awaits them together, checks each output, and says what it took. */
export async function atOnce(pool: ThreadPool, tasks: number): Promise<Cost> {
  const { value, ...cost } = await measure(() => {
    const promises: Promise<number>[] = [];
    for (let input = 0; input < tasks; input++) promises.push(pool.run("noop", input));
    return Promise.all(promises);
  });
  verify("number of results", tasks, value.length);
  for (const [input, output] of value.entries()) verify(`noop(${input})`, input + 1, output);
  return cost;
}
