import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type CreateOptions, type Harness, oddTasks, tasks, wrappings } from "@quintet/conformance";
import type { Executor } from "@quintet/core";
import { threads } from "@quintet/threads";
import { redis, serve, type TaskWorker } from "../src/index.ts";

const source = new URL("../src/index.ts", import.meta.url).href;
const report = new URL("../../../.results/conformance-redis.json", import.meta.url);

/** A queue of its own with one worker, on threads, that is closed with the executor. */
async function create(url: string, options: CreateOptions): Promise<Executor> {
  const { concurrency = 2, maxQueue } = options;
  const queue = `test-${randomBytes(6).toString("hex")}`;
  // The executor does not promise that tasks are stopped, so its workers do not stop them.
  const on = threads({ size: concurrency, grace: 600_000 });
  const worker = serve({ queue, tasks: [tasks, oddTasks], on, concurrency, connection: url });
  const executor = redis({ queue, connection: url, maxQueue });
  await Promise.all([worker.ready(), executor.ready()]);
  const close = executor.close.bind(executor);
  executor.close = async (how) => {
    await close(how);
    await Promise.all([worker.close({ cancel: true }), on.close({ cancel: true, deadline: 0 })]);
  };
  return executor;
}

/** The executor as it is, and under policies. Programs of the suite use a queue that is served here. */
export function harnesses(url: string): readonly Harness[] {
  return wrappings({
    name: "redis",
    // A task takes milliseconds here, and one case has 10,000 of them.
    patience: 30_000,
    create: (options) => create(url, options),
    program: `
      import { redis } from ${JSON.stringify(source)};
      export const create = () => redis({ queue: "programs", connection: ${JSON.stringify(url)} });
    `,
    report: fileURLToPath(report),
  });
}

/** Serves the programs of the suite. */
export function servePrograms(url: string): { worker: TaskWorker; close(): Promise<void> } {
  const on = threads({ size: 1 });
  const worker = serve({ queue: "programs", tasks: [tasks], on, connection: url });
  return {
    worker,
    close: async () => {
      await worker.close({ cancel: true });
      await on.close({ cancel: true, deadline: 0 });
    },
  };
}
