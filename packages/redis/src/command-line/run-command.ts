import type { ParseArgsOptionsConfig } from "node:util";
import { type Arguments, readArguments, UsageError, wholeOption } from "./arguments.ts";
import { type JobState, QueueAdmin, type QueueInfo } from "./queue-admin.ts";
import { runWorker } from "./run-worker.ts";

export const help = `Serves a queue of @quintet/redis, and puts it in order.

  npx @quintet/redis COMMAND --queue NAME [--redis URL] [--prefix TEXT] [--json]

  worker --tasks FILE     serve the queue with the tasks that the module FILE exports
         [--on threads:4 | processes:4 | event-loop:100]   where they run; default: threads:1
         [--concurrency N] [--lease MS] [--drain MS]
         [--burst]        end when the queue is empty
         [--max-jobs N]   end after so many jobs
  info                    what is in the queue, and who serves it
  jobs [--state STATE] [--limit N]
                          list jobs that are waiting, delayed, running or dead
  requeue [ID]            put dead letters back into the queue: all, or one
  cancel ID               take a job out of the queue, or abort it where it runs
  pause, resume           have workers fetch nothing more, or go on
  empty                   remove what waits

Redis is that of --redis, else of REDIS_URL, else redis://127.0.0.1:6379.
Ends with 0; with 1 when something failed, or there was no such job; with 2 when the command line is wrong.
`;

/** What a command may do. */
interface Command {
  readonly options?: ParseArgsOptionsConfig;
  /** Names of what stands beside the options. */
  readonly operands?: readonly string[];
  /** Gives the exit code. */
  readonly run: (admin: QueueAdmin, args: Arguments, print: Print) => Promise<number>;
}

type Print = (line: string) => void;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const states: readonly JobState[] = ["waiting", "delayed", "running", "dead"];

const commands: Readonly<Record<string, Command>> = {
  info: {
    run: async (admin, { json }, print) => {
      const info = await admin.info();
      print(json ? JSON.stringify(info) : infoText(info));
      return 0;
    },
  },
  jobs: {
    options: { state: text, limit: text },
    run: async (admin, args, print) => {
      const state = (args.values["state"] ?? "waiting") as JobState;
      if (!states.includes(state)) throw new UsageError(`--state takes ${states.join(", ")}`);
      const jobs = await admin.jobs(state, wholeOption(args, "limit") ?? 20);
      if (args.json) print(JSON.stringify(jobs));
      else
        for (const { id, task, tasks, sent, reason } of jobs)
          print([id, `${task} ×${tasks}`, sent, reason ?? ""].join("  ").trim());
      return 0;
    },
  },
  requeue: {
    operands: ["ID"],
    run: async (admin, { positionals: [id], json }, print) => {
      const requeued = await admin.requeue(id);
      print(json ? JSON.stringify({ requeued }) : `${requeued} requeued`);
      return id !== undefined && requeued === 0 ? 1 : 0;
    },
  },
  cancel: {
    operands: ["ID"],
    run: async (admin, { positionals: [id], json }, print) => {
      if (id === undefined) throw new UsageError("the ID of a job is missing");
      const cancelled = await admin.cancel(id);
      print(
        json
          ? JSON.stringify({ cancelled })
          : cancelled
            ? `${id} cancelled`
            : `there is no job ${id}`,
      );
      return cancelled ? 0 : 1;
    },
  },
  pause: { run: async (admin) => (await admin.pause(), 0) },
  resume: { run: async (admin) => (await admin.resume(), 0) },
  empty: { run: async (admin) => (await admin.empty(), 0) },
};

const workerOptions = {
  tasks: text,
  on: text,
  concurrency: text,
  lease: text,
  drain: text,
  "max-jobs": text,
  burst: flag,
};

/** Does what a command line says; gives the exit code. */
export async function runCommand(
  argv: readonly string[],
  print: Print,
  printError: Print,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const [name = "", ...rest] = argv;
  if (name === "" || name === "--help" || name === "-h" || rest.includes("--help")) {
    print(help.trimEnd());
    return name === "" ? 2 : 0;
  }
  try {
    if (name === "worker") {
      return await runWorker(readArguments(rest, workerOptions, [], environment), print);
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw new UsageError(`there is no command ${JSON.stringify(name)}`);
    const { options = {}, operands = [], run } = command;
    const args = readArguments(rest, options, operands, environment);
    const admin = new QueueAdmin(args.queue, args.redis, args.prefix);
    try {
      return await admin.ask(() => run(admin, args, print));
    } finally {
      await admin.close();
    }
  } catch (error) {
    // The message alone: what else an error holds may tell where Redis is, and how to get in.
    const message = error instanceof Error ? error.message : String(error);
    printError(error instanceof UsageError ? `${message}; see --help` : message);
    return error instanceof UsageError ? 2 : 1;
  }
}

function infoText({ queue, paused, waiting, delayed, running, dead, workers }: QueueInfo): string {
  const counts = `${waiting} waiting, ${delayed} delayed, ${running} running, ${dead} dead`;
  const lines = workers.map(
    ({ name, running: busy, concurrency, tasks }) =>
      `  ${name}: ${busy} of ${concurrency} running; ${tasks.length} tasks`,
  );
  return [
    `${queue}${paused ? " (paused)" : ""}: ${counts}, ${workers.length} workers`,
    ...lines,
  ].join("\n");
}
