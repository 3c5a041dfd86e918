import type { ParseArgsOptionsConfig } from "node:util";
import { readArguments, UsageError } from "./arguments.ts";
import { type Command, commands, type Output, withoutPassword } from "./commands.ts";
import { QueueAdmin } from "./queue-admin.ts";
import { runWorker } from "./run-worker.ts";

export const help = `Serves a queue of @quintet/redis, and puts it in order.

  npx @quintet/redis COMMAND --queue NAME [--redis URL] [--prefix TEXT] [--json]

  worker --tasks FILE     serve the queue with the tasks that the module FILE exports
         [--on threads:4 | processes:4 | event-loop:100]   where they run; default: threads:1
         [--concurrency N] [--lease MS] [--drain MS]
         [--burst]        end when the queue is empty
         [--max-jobs N]   end after so many jobs
  info                    what is in the queue, and who serves it; on a terminal until Ctrl-C
         [--watch]        go on where there is no terminal: a line each time, with --json
         [--once]         do not go on
         [--every MS]     default: 1000
  jobs [--state STATE] [--limit N]
                          list jobs that are waiting, delayed, running or dead
  requeue [ID]            put dead letters back into the queue: all, or one
  cancel ID               take a job out of the queue, or abort it where it runs
  pause, resume           have workers fetch nothing more, or go on
  empty                   remove what waits
  bench [--tasks N]       measure a task that does nothing on this Redis; leaves nothing behind

Redis is that of --redis, else of REDIS_URL, else redis://127.0.0.1:6379.
Ends with 0; with 1 when something failed, or there was no such job; with 2 when the command line is wrong.
`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

const workerOptions: ParseArgsOptionsConfig = {
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
  output: Output,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const [name = "", ...rest] = argv;
  if (name === "" || name === "--help" || name === "-h" || rest.includes("--help")) {
    output.print(help.trimEnd());
    return name === "" ? 2 : 0;
  }
  let safe = output;
  try {
    const command: Command | undefined = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command && name !== "worker") {
      throw new UsageError(`there is no command ${JSON.stringify(name)}`);
    }
    const { options = {}, operands = [] } = command ?? { options: workerOptions };
    const args = readArguments(rest, options, operands, environment);
    safe = withoutPassword(output, args.redis);
    if (!command) return await runWorker(args, safe.print);
    const admin = new QueueAdmin(args.queue, args.redis, args.prefix);
    try {
      return await admin.ask(() => command.run(admin, args, safe));
    } finally {
      await admin.close();
    }
  } catch (error) {
    // The message alone: what else an error holds may tell where Redis is, and how to get in.
    const message = error instanceof Error ? error.message : String(error);
    safe.printError(error instanceof UsageError ? `${message}; see --help` : message);
    return error instanceof UsageError ? 2 : 1;
  }
}
