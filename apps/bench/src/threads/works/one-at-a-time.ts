import { count } from "../../format.ts";
import { type Cost, cpuPerTask, measure } from "../../measure.ts";
import { verify } from "../../mismatch-error.ts";
import { percentile } from "../../statistics.ts";
import { microseconds } from "../../unit.ts";
import type { Readings } from "../../work.ts";
import { pythonEntry, pythonNames } from "../python/python-entry.ts";
import type { ThreadPool } from "../thread-pool.ts";
import type { ThreadWork } from "../thread-work.ts";

/** The round trip of one task while nothing else is under way. */
export function oneAtATimeWork(name: string, tasks: number): ThreadWork {
  const rows = { half: `${name}, p50`, most: `${name}, p99` };
  const readings = (cost: Cost, latencies: readonly number[]): Readings => {
    const cpu = { cpuPerTask: cpuPerTask(cost, tasks) };
    return {
      [rows.half]: { value: 1_000 * percentile(latencies, 50), ...cpu },
      [rows.most]: { value: 1_000 * percentile(latencies, 99), ...cpu },
    };
  };
  return {
    name,
    title: `${count(tasks)} tasks, each awaited before the next`,
    rows: Object.values(rows).map((row) => ({ name: row, unit: microseconds })),
    async prepare(pool) {
      await latenciesOf(pool, Math.min(tasks, 2_000));
      return async () => {
        const { value, ...cost } = await measure(
          () => latenciesOf(pool, tasks),
          () => latenciesOf(pool, Math.min(tasks, 500)),
        );
        return readings(cost, value);
      };
    },
    guests: [
      pythonEntry(pythonNames.submit, { work: "one at a time", size: tasks }, (answer) =>
        readings(answer, answer.latencies),
      ),
    ],
  };
}

/** In milliseconds. */
async function latenciesOf(pool: ThreadPool, tasks: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let input = 0; input < tasks; input++) {
    const start = performance.now();
    const output = await pool.run("noop", input);
    latencies.push(performance.now() - start);
    verify(`noop(${input})`, input + 1, output);
  }
  return latencies;
}
