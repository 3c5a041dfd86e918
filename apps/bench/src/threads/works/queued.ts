import { cpuPerTask } from "../../measure.ts";
import { microseconds } from "../../unit.ts";
import type { Reading, Readings } from "../../work.ts";
import { atOnce } from "../at-once.ts";
import type { ThreadPool } from "../thread-pool.ts";
import type { ThreadWork } from "../thread-work.ts";

/** One length of the queue. */
export interface QueueLength {
  /** The row's name. */
  readonly name: string;
  readonly tasks: number;
}

/** Milliseconds that one length may take. */
const longest = 10_000;

/** What a task costs when so many were started in one tick: the same for few and for many, where no queue is slow. */
export function queuedWork(name: string, lengths: readonly QueueLength[]): ThreadWork {
  // Short ones are repeated until so many tasks have run, or else one hiccup would be all that they show.
  const enough = Math.ceil(Math.max(...lengths.map(({ tasks }) => tasks)) / 30);
  return {
    name,
    title: "so many tasks started in one tick, time for each",
    rows: lengths.map((length) => ({ name: length.name, unit: microseconds })),
    async prepare(pool) {
      await atOnce(pool, enough);
      return () => oneByOne(lengths, (tasks) => repeated(pool, tasks, enough));
    },
  };
}

async function oneByOne(
  lengths: readonly QueueLength[],
  run: (tasks: number) => Promise<Reading>,
): Promise<Readings> {
  const readings: Record<string, Reading | string> = {};
  let perTask = 0;
  for (const { name, tasks } of lengths) {
    const expected = (perTask * tasks) / 1_000;
    if (expected > longest) {
      readings[name] = `left out: some ${Math.round(expected / 1_000)} s for each round`;
      continue;
    }
    const reading = await run(tasks);
    readings[name] = reading;
    perTask = reading.value;
  }
  return readings;
}

/** In a row, without collecting garbage in between: right after that, few tasks cost more than many. */
async function repeated(pool: ThreadPool, tasks: number, enough: number): Promise<Reading> {
  const times = Math.max(1, Math.round(enough / tasks));
  const cost = await atOnce(pool, tasks, times);
  return {
    value: (1_000 * cost.time) / (times * tasks),
    cpuPerTask: cpuPerTask(cost, times * tasks),
  };
}
