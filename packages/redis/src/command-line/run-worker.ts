import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { systemClock } from "@quintet/core/kit";
import { serve, type TaskWorker } from "../serve.ts";
import { type Arguments, UsageError, wholeOption } from "./arguments.ts";
import { openExecutor } from "./open-executor.ts";
import { QueueAdmin } from "./queue-admin.ts";

/** Milliseconds between two looks whether a worker has done what it was to do. */
const lookEvery = 200;

/** Serves a queue until a signal comes, or there is nothing left to do. Gives the exit code. */
export async function runWorker(args: Arguments, print: (line: string) => void): Promise<number> {
  const { queue, redis: connection, prefix, values } = args;
  const file = values["tasks"];
  if (typeof file !== "string") throw new UsageError("--tasks FILE is missing");
  const { on, size } = await openExecutor(String(values["on"] ?? "threads"));
  const module: unknown = await import(pathToFileURL(resolve(file)).href);
  const worker = serve({
    queue,
    connection,
    prefix,
    on,
    tasks: Object.values(Object(module) as object),
    concurrency: wholeOption(args, "concurrency") ?? size,
    lease: wholeOption(args, "lease"),
    onError: ({ message }) => print(`redis: ${message}`),
  });
  await worker.ready();
  print(`${worker.name} serves ${queue}`);
  await untilOver(worker, args);
  // A second signal is not waited for.
  process.once("SIGINT", () => process.exit(130)).once("SIGTERM", () => process.exit(143));
  await worker.close({ deadline: wholeOption(args, "drain") ?? 30_000 });
  await on.close({ cancel: true, deadline: 1_000 });
  print(`${worker.name} has ended after ${worker.jobs} jobs`);
  return 0;
}

async function untilOver(worker: TaskWorker, args: Arguments): Promise<void> {
  const over = Promise.withResolvers<void>();
  const end = (): void => over.resolve();
  process.once("SIGINT", end).once("SIGTERM", end);
  const mostJobs = wholeOption(args, "max-jobs") ?? Infinity;
  const admin = args.values["burst"]
    ? new QueueAdmin(args.queue, args.redis, args.prefix)
    : undefined;
  const look = async (): Promise<void> => {
    if (worker.jobs >= mostJobs) return end();
    const info = await admin?.info();
    if (info && info.waiting + info.running === 0 && worker.running === 0) return end();
    timer = later();
  };
  const later = (): ReturnType<typeof systemClock.after> =>
    systemClock.after(lookEvery, () => void look().catch(() => (timer = later())));
  let timer = later();
  await over.promise;
  timer.cancel();
  process.off("SIGINT", end).off("SIGTERM", end);
  await admin?.close();
}
