import { fileURLToPath } from "node:url";
import { type CreateOptions, type Harness, oddTasks, tasks } from "@quintet/conformance";
import type { Executor } from "@quintet/core";
import { threads } from "@quintet/threads";
import { inMemory } from "../src/in-memory.ts";
import { redis, serve } from "../src/index.ts";

const report = new URL("../../../.results/conformance-redis-in-memory.json", import.meta.url);

/** A memory of its own with one worker, on threads, that is closed with the executor. */
async function create({ concurrency = 2, maxQueue }: CreateOptions): Promise<Executor> {
  const connection = inMemory();
  const on = threads({ size: concurrency, grace: 600_000 });
  const served = { queue: "test", connection };
  const worker = serve({ ...served, tasks: [tasks, oddTasks], on, concurrency });
  const executor = redis({ ...served, maxQueue });
  await Promise.all([worker.ready(), executor.ready()]);
  const close = executor.close.bind(executor);
  executor.close = async (how) => {
    await close(how);
    await Promise.all([worker.close({ cancel: true }), on.close({ cancel: true, deadline: 0 })]);
  };
  return executor;
}

const source = (file: string): string =>
  JSON.stringify(new URL(`../src/${file}`, import.meta.url).href);

/** A queue in memory. Programs of the suite serve it themselves. */
export const harness: Harness = {
  name: "redis in memory",
  create,
  program: `
    import { tasks } from ${JSON.stringify(import.meta.resolve("@quintet/conformance"))};
    import { threads } from ${JSON.stringify(import.meta.resolve("@quintet/threads"))};
    import { redis, serve } from ${source("index.ts")};
    import { inMemory } from ${source("in-memory.ts")};
    export const create = () => {
      const queue = { queue: "programs", connection: inMemory() };
      serve({ ...queue, tasks, on: threads({ size: 1 }) });
      return redis(queue);
    };
  `,
  report: fileURLToPath(report),
};
