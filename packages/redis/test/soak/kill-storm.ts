/** Kills workers at random while tasks run, and adds up what became of each task. */
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Fleet, lines, type WorkerProcess } from "../fleet.ts";
import { startRedis } from "../redis-server.ts";
import { fleet as tasks } from "../task-files/fleet.tasks.ts";

/** How hard the storm is. */
export interface StormOptions {
  readonly tasks: number;
  readonly workers: number;
  /** Milliseconds for which workers are killed. */
  readonly duration: number;
}

/** What the audit found. */
export interface Audit {
  readonly tasks: number;
  /** Workers that were killed. */
  readonly kills: number;
  readonly completed: number;
  readonly failed: number;
  /** Tasks that never ran, though they were accepted. */
  readonly neverRan: number;
  /** Tasks that ran more than once, as at-least-once allows. */
  readonly ranAgain: number;
  /** Tasks whose promise settled more than once, or not at all. */
  readonly settledWrong: number;
  /** Keys of jobs and results that are left in Redis. */
  readonly leftKeys: readonly string[];
  readonly milliseconds: number;
}

export async function killStorm({ tasks: count, workers, duration }: StormOptions): Promise<Audit> {
  const server = await startRedis();
  const fleet = new Fleet();
  const start = performance.now();
  try {
    const journal = fleet.file();
    const alive = new Set<WorkerProcess>();
    const hire = async (): Promise<void> => {
      alive.add(await fleet.worker(server.url, { concurrency: 8, maxLosses: 100 }));
    };
    await Promise.all(Array.from({ length: workers }, hire));
    const client = fleet.client(server.url, { sendTimeout: 600_000, noWorkersTimeout: 600_000 });
    const settled = new Uint8Array(count);
    const runs = Array.from({ length: count }, (_, name) => {
      // Some small, some not; spread over the storm and beyond it.
      const milliseconds = name % 10 === 0 ? 20 : 0;
      const note = (): void => void settled[name]!++;
      return client.run(tasks.work, { journal, name, milliseconds }).then(note, note);
    });
    const kills = await storm(alive, hire, duration);
    await Promise.all(runs);
    const { completed, failed } = client.stats();
    await client.close();
    const ran = new Map<number, number>();
    for (const line of lines(journal)) {
      const [name, what] = line.split(" ");
      if (what === "started") ran.set(Number(name), (ran.get(Number(name)) ?? 0) + 1);
    }
    // What a killed worker had fetched twice, or had done and not told, is run and dropped now.
    await sleep(5_000);
    return {
      tasks: count,
      kills,
      completed,
      failed,
      neverRan: count - ran.size,
      ranAgain: [...ran.values()].filter((times) => times > 1).length,
      settledWrong: settled.filter((times) => times !== 1).length,
      leftKeys: await leftKeys(server.url, fleet.queue),
      milliseconds: Math.round(performance.now() - start),
    };
  } finally {
    await fleet.clear();
    await server.stop();
  }
}

async function storm(
  alive: Set<WorkerProcess>,
  hire: () => Promise<void>,
  duration: number,
): Promise<number> {
  let kills = 0;
  for (const end = performance.now() + duration; performance.now() < end;) {
    await sleep(100 + Math.random() * 900);
    const victims = [...alive];
    const victim = victims[Math.floor(Math.random() * victims.length)];
    if (!victim) continue;
    alive.delete(victim);
    await victim.end("SIGKILL");
    kills++;
    await hire();
  }
  return kills;
}

/** Everything but what BullMQ keeps of a queue, and what workers say of themselves. */
async function leftKeys(url: string, queue: string): Promise<string[]> {
  const redis = new Redis(url);
  const keys = await redis.keys("*");
  redis.disconnect();
  const kept = /:(meta|events|id|marker|pc|stalled-check|stalled)$|\.workers?(:|$)/;
  return keys.map((key) => key.replace(`quintet:{${queue}}`, "")).filter((key) => !kept.test(key));
}
