import { randomBytes } from "node:crypto";
import { defineTasks, type Executor } from "@quintet/core";
import { systemClock } from "@quintet/core/kit";
import { redis, type RedisQueue } from "../redis.ts";
import { serve } from "../serve.ts";
import type { Arguments } from "./arguments.ts";
import { QueueAdmin } from "./queue-admin.ts";

/** What a queue gives on this Redis, with a worker in the process that measures. */
export interface BenchFigures {
  readonly queue: string;
  /** Tasks at once: `run` for each of them, and a `map` of ten times as many. */
  readonly tasks: number;
  readonly runPerSecond: number;
  readonly mapPerSecond: number;
  /** One task at a time, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const bench = defineTasks("quintet-bench", import.meta.url, {
  nothing: (input: number) => void input,
});

/** Tasks sent one at a time, and how many of them are not counted: the code is not compiled yet. */
const single = 300;
const warmUp = 100;

/** How many tasks run at a time. */
export const benchConcurrency = 100;

/**
 * Measures with a task that does nothing. Its keys have a prefix of their own, beside those of the queue and in the same
 * slot of a cluster, so that no worker of the queue is given any of it; all of them are removed.
 */
export async function benchQueue(
  { queue, redis: connection, prefix = "quintet" }: Arguments,
  on: Executor,
  tasks: number,
  signal: AbortSignal,
): Promise<BenchFigures> {
  const place = { queue, connection, prefix: `${prefix}.bench-${randomBytes(4).toString("hex")}` };
  const worker = serve({ ...place, tasks: bench, on, concurrency: benchConcurrency });
  const client = redis(place);
  let isDone = false;
  try {
    await Promise.all([worker.ready(), client.ready()]);
    const { p50, p99 } = await oneAtATime(client, signal);
    const options = { signal };
    const runPerSecond = await perSecond(tasks, () =>
      Promise.all(range(tasks).map((n) => client.run(bench.nothing, n, options))),
    );
    const mapPerSecond = await perSecond(10 * tasks, () =>
      client.map(bench.nothing, range(10 * tasks), options).toArray(),
    );
    isDone = true;
    return { queue, tasks, runPerSecond, mapPerSecond, p50, p99 };
  } finally {
    await client.close({ cancel: true, deadline: 1_000 });
    await worker.close({ cancel: true });
    const admin = new QueueAdmin(queue, connection, place.prefix);
    try {
      await admin.ask(() => admin.obliterate(!isDone));
    } finally {
      await admin.close();
    }
  }
}

async function oneAtATime(
  client: RedisQueue,
  signal: AbortSignal,
): Promise<Pick<BenchFigures, "p50" | "p99">> {
  const times: number[] = [];
  for (const n of range(warmUp + single)) {
    const start = systemClock.now();
    await client.run(bench.nothing, n, { signal });
    if (n >= warmUp) times.push(systemClock.now() - start);
  }
  times.sort((one, other) => one - other);
  const at = (share: number): number => times[Math.floor(share * times.length)] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = systemClock.now();
  await work();
  return count / ((systemClock.now() - start) / 1_000);
}

const range = (length: number): number[] => Array.from({ length }, (_, n) => n);

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");

/** For people. */
export function benchText(figures: BenchFigures): string {
  const { queue, tasks, runPerSecond, mapPerSecond, p50, p99 } = figures;
  return [
    `${queue}, a task that does nothing, client and worker in one process:`,
    `  run, ${whole(tasks)} at once: ${whole(runPerSecond)} tasks/s`,
    `  map of ${whole(10 * tasks)}: ${whole(mapPerSecond)} tasks/s`,
    `  run, one at a time: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
  ].join("\n");
}
