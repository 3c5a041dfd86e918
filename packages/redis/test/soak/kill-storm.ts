/** Kills workers at random while tasks run, and adds up what became of each task. */
import { setTimeout as sleep } from "node:timers/promises";
import { onTrace } from "@quintet/core";
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
  /** Tasks that settled more than once, or not at all. */
  readonly settledWrong: number;
  /** Tasks that gave another result than their own, or an error. */
  readonly wrongResults: number;
  /** Permits that were out when another one was granted, more than there are; those of killed workers are not counted. */
  readonly tooManyInside: number;
  /** Permits that did not come back. */
  readonly permitsOut: number;
  /** Tasks whose word over a channel never came. */
  readonly unheard: number;
  /** What Redis holds of an empty queue, and how much of it. */
  readonly keptKeys: Readonly<Record<string, string>>;
  /** Keys of jobs and results that are left there though nothing is under way. */
  readonly leftKeys: readonly string[];
  /** Until the last task had settled. */
  readonly milliseconds: number;
}

/** How many tasks come at once at first; the others come while workers are killed. */
const atOnce = 0.5;

/** How many of those come at a time. */
const burst = 50;

export async function killStorm({ tasks: count, workers, duration }: StormOptions): Promise<Audit> {
  const server = await startRedis();
  const fleet = new Fleet();
  const start = performance.now();
  try {
    const journal = fleet.file();
    const crew = new Crew(() => fleet.worker(server.url, { concurrency: 8, maxLosses: 100 }));
    await Promise.all(Array.from({ length: workers }, () => crew.hire()));
    const client = fleet.client(server.url, { sendTimeout: 600_000, noWorkersTimeout: 600_000 });
    const settlements = new Map<string, number>();
    const stop = onTrace(({ executor, type, job }) => {
      if (executor !== client.name || type !== "settled") return;
      settlements.set(job, (settlements.get(job) ?? 0) + 1);
    });
    const right = new Set<number>();
    const runs: Promise<void>[] = [];
    const send = (until: number): void => {
      for (let name = runs.length; name < Math.min(until, count); name++) {
        // Some small, some not.
        const milliseconds = name % 10 === 0 ? 20 : 0;
        const task = [tasks.work, tasks.work, tasks.guarded, tasks.tells][name % 4]!;
        const run = client.run(task, { journal, name, milliseconds });
        runs.push(run.then((result) => void (result === name && right.add(name))).catch(() => {}));
      }
    };
    send(count * atOnce);
    const heard = new Set<unknown>();
    const told = client.channel("told", { capacity: 20 });
    const hearing = (async () => {
      for await (const name of told) heard.add(name);
    })();
    const bursts = Math.ceil((count * (1 - atOnce)) / burst);
    const storm = crew.suffer(duration);
    for (let n = 0; n < bursts; n++) {
      await sleep((duration * Math.random() * 2) / bursts);
      send(runs.length + burst);
    }
    const kills = await storm;
    await Promise.all(runs);
    const { completed, failed } = client.stats();
    await told.close();
    await hearing;
    const ran = new Map<number, number>();
    for (const line of lines(journal)) {
      const [name, what] = line.split(" ");
      if (what === "started" || what === "in")
        ran.set(Number(name), (ran.get(Number(name)) ?? 0) + 1);
    }
    for (const name of heard) ran.set(Number(name), 1);
    const milliseconds = Math.round(performance.now() - start);
    // What a killed worker had fetched twice, or had done and not told, is run and dropped now.
    await sleep(5_000);
    const { state } = await client.semaphore("guard").inspect();
    await client.close();
    stop();
    return {
      tasks: count,
      kills,
      completed,
      failed,
      neverRan: count - ran.size,
      ranAgain: [...ran.values()].filter((times) => times > 1).length,
      settledWrong: count - [...settlements.values()].filter((times) => times === 1).length,
      wrongResults: count - right.size,
      tooManyInside: mostInside(lines(journal)) - 2,
      permitsOut: Number(state["taken"]),
      unheard: Math.floor(count / 4) - heard.size,
      ...(await keysOf(server.url, fleet.queue)),
      milliseconds,
    };
  } finally {
    await fleet.clear();
    await server.stop();
  }
}

/** How many had a permit at a time, of those that gave it back themselves. */
function mostInside(journal: readonly string[]): number {
  const returned = new Set(
    journal.filter((line) => line.includes(" out ")).map((line) => line.split(" ")[2]),
  );
  let [inside, most] = [0, 0];
  for (const [, what, token] of journal.map((line) => line.split(" "))) {
    if (!returned.has(token)) continue;
    if (what === "in") inside++;
    if (what === "out") inside--;
    most = Math.max(most, inside);
  }
  return most;
}

/** Workers that are killed at random and replaced. */
class Crew {
  readonly #alive = new Set<WorkerProcess>();
  readonly #start: () => Promise<WorkerProcess>;

  constructor(start: () => Promise<WorkerProcess>) {
    this.#start = start;
  }

  async hire(): Promise<void> {
    this.#alive.add(await this.#start());
  }

  /** Gives how many were killed within so many milliseconds; resolves when all of them are replaced. */
  async suffer(duration: number): Promise<number> {
    const hired: Promise<void>[] = [];
    for (const end = performance.now() + duration; performance.now() < end;) {
      await sleep(100 + Math.random() * 900);
      const victims = [...this.#alive];
      const victim = victims[Math.floor(Math.random() * victims.length)];
      if (!victim) continue; // a machine may start them more slowly than they are killed
      this.#alive.delete(victim);
      await victim.end("SIGKILL");
      hired.push(this.hire());
    }
    await Promise.all(hired);
    return hired.length;
  }
}

/** What is there in Redis: what BullMQ keeps of a queue, and workers say of themselves, and what should have gone. */
async function keysOf(
  url: string,
  queue: string,
): Promise<{ keptKeys: Record<string, string>; leftKeys: readonly string[] }> {
  const redis = new Redis(url);
  const kept: Record<string, string> = {};
  const left: string[] = [];
  for (const key of (await redis.keys("*")).toSorted()) {
    const name = key.replace(`quintet:{${queue}}`, "");
    const isKept =
      /:(meta|events|id|marker|pc|stalled-check|stalled)$|\.names:(tokens|semaphore:guard|session:|answers:|channel:told)|\.workers?(:|$)/.test(
        name,
      );
    if (!isKept) left.push(name);
    else kept[name] = `${await redis.type(key)}, ${await redis.memory("USAGE", key)} bytes`;
  }
  redis.disconnect();
  return { keptKeys: kept, leftKeys: left };
}
