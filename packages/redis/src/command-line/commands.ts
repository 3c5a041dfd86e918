import type { ParseArgsOptionsConfig } from "node:util";
import { type Arguments, UsageError, wholeOption } from "./arguments.ts";
import { benchConcurrency, benchQueue, benchText } from "./bench-queue.ts";
import { openExecutor } from "./open-executor.ts";
import type { JobState, QueueAdmin, QueueInfo } from "./queue-admin.ts";
import { drawer, infoText, type Terminal, watchInfo } from "./watch-info.ts";

/** Where a command tells what it does. */
export interface Output {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Where `print` goes, when that is a terminal. */
  readonly terminal?: Terminal | undefined;
}

/** What looks after a queue. */
export interface Command {
  readonly options?: ParseArgsOptionsConfig;
  /** Names of what stands beside the options. */
  readonly operands?: readonly string[];
  /** Gives the exit code. */
  readonly run: (admin: QueueAdmin, args: Arguments, output: Output) => Promise<number>;
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const states: readonly JobState[] = ["waiting", "delayed", "running", "dead"];

export const commands: Readonly<Record<string, Command>> = {
  info: {
    options: { watch: flag, once: flag, every: text },
    run: (admin, args, output) => untilSignal((signal) => info(admin, args, output, signal)),
  },
  jobs: {
    options: { state: text, limit: text },
    run: async (admin, args, { print }) => {
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
    run: async (admin, { positionals: [id], json }, { print }) => {
      const requeued = await admin.requeue(id);
      print(json ? JSON.stringify({ requeued }) : `${requeued} requeued`);
      return id !== undefined && requeued === 0 ? 1 : 0;
    },
  },
  cancel: {
    operands: ["ID"],
    run: async (admin, { positionals: [id], json }, { print }) => {
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
  bench: {
    options: { tasks: text },
    run: (admin, args, output) => untilSignal((signal) => bench(admin, args, output, signal)),
  },
};

async function info(
  admin: QueueAdmin,
  args: Arguments,
  { print, terminal }: Output,
  signal: AbortSignal,
): Promise<number> {
  const { json, values } = args;
  const every = wholeOption(args, "every") ?? 1_000;
  const printInfo = (found: QueueInfo): void =>
    print(json ? JSON.stringify(found) : infoText(found));
  const draws = terminal !== undefined && !json;
  if (values["once"] || !(values["watch"] || draws)) {
    printInfo(await admin.info());
    return 0;
  }
  const draw = draws ? drawer(terminal) : undefined;
  const show = draw ? (found: QueueInfo): void => draw(infoText(found)) : printInfo;
  await watchInfo(() => admin.info(), show, every, signal);
  return 0;
}

async function bench(
  admin: QueueAdmin,
  args: Arguments,
  { print }: Output,
  signal: AbortSignal,
): Promise<number> {
  const tasks = wholeOption(args, "tasks") ?? 2_000;
  const { on } = await openExecutor(`event-loop:${benchConcurrency}`);
  try {
    await admin.info(); // a Redis that is not there is found out before anything is opened
    const figures = await benchQueue(args, on, tasks, signal);
    print(args.json ? JSON.stringify(figures) : benchText(figures));
    return 0;
  } catch (error) {
    if (signal.aborted && error === signal.reason) return 130;
    throw error;
  } finally {
    await on.close({ cancel: true, deadline: 0 });
  }
}

/** A first signal aborts what goes on; a second one is not waited for. */
async function untilSignal(go: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.once("SIGINT", abort).once("SIGTERM", abort);
  try {
    return await go(controller.signal);
  } finally {
    process.off("SIGINT", abort).off("SIGTERM", abort);
  }
}

/** Some servers, and some mistakes in a URL, would have the password of a URL show up in a message. */
export function withoutPassword(output: Output, url: string): Output {
  const { password } = new URL(url);
  if (password === "") return output;
  const secrets = [password, decoded(password)];
  const hide = (line: string): string =>
    secrets.reduce((shown, secret) => shown.replaceAll(secret, "***"), line);
  return {
    ...output,
    print: (line) => output.print(hide(line)),
    printError: (line) => output.printError(hide(line)),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
