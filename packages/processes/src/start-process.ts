import { type ChildProcess, spawn } from "node:child_process";
import { setPriority } from "node:os";
import type { Readable, Writable } from "node:stream";
import { AnswerFile } from "./answer-file.ts";
import { bootstrapArguments, needsBootstrap, sendBootstrap } from "./child-bootstrap.ts";
import { nodeOptions } from "./node-options.ts";
import type { ProcessOptions } from "./process-options.ts";

/** A child, its pipes, and the file of its answers. */
export interface StartedProcess {
  readonly child: ChildProcess;
  /** Frames to and from the thread of its tasks. */
  readonly orders: Writable;
  readonly reports: Readable;
  /** Frames to and from the thread that gives runs back. */
  readonly recalls: Writable;
  readonly returns: Readable;
  readonly stderr: Readable | undefined;
  readonly answers: AnswerFile;
}

/**
 * Starts a child, with a process group of its own: whatever it starts itself can be ended with it, and a Ctrl-C of the
 * terminal is for its parent. *Errors*: what the options ask for cannot be had.
 */
export function startProcess(options: ProcessOptions): StartedProcess {
  const answers = new AnswerFile();
  try {
    return start(options, answers);
  } catch (error) {
    answers.close();
    throw error;
  }
}

function start(options: ProcessOptions, answers: AnswerFile): StartedProcess {
  const { execPath = process.execPath, argv = [], cwd, uid, gid, env, nice, stdio } = options;
  const bootstrap = bootstrapArguments();
  const print = stdio ?? "inherit";
  // Its stderr comes here either way: the error says what a lost process wrote last.
  const child = spawn(execPath, [...nodeOptions(options), ...bootstrap, ...argv], {
    stdio: [
      needsBootstrap() ? "pipe" : "ignore",
      print,
      "pipe",
      "pipe",
      "pipe",
      "pipe",
      "pipe",
      answers.descriptor,
    ],
    detached: true,
    windowsHide: true,
    env: env ?? process.env,
    ...(cwd !== undefined && { cwd }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
  // Where there are no more files to be had, it has no pipes either; the reason follows as an event.
  child.once("error", () => {});
  if (!child.stdio) throw new Error("Too many files are open: no process can be started.");
  if (child.stdin) sendBootstrap(child.stdin);
  const [, , stderr, orders, reports, recalls, returns] = child.stdio as readonly unknown[];
  if (nice !== undefined && child.pid !== undefined) prioritise(child, nice);
  return {
    child,
    orders: orders as Writable,
    reports: reports as Readable,
    recalls: recalls as Writable,
    returns: returns as Readable,
    stderr: (stderr as Readable | null) ?? undefined,
    answers,
  };
}

/** Says whether a child keeps this process alive. */
export function holdProcess(started: StartedProcess, held: boolean): void {
  const pipes = pipesOf(started) as unknown as (NodeJS.RefCounted | undefined)[];
  for (const handle of [started.child, ...pipes]) {
    if (held) handle?.ref();
    else handle?.unref();
  }
}

/** Ends the pipes, whatever is still in them, and lets the file go. */
export function closePipes(started: StartedProcess): void {
  for (const pipe of pipesOf(started)) pipe?.destroy();
  started.answers.close();
}

function pipesOf({ orders, reports, recalls, returns, stderr }: StartedProcess) {
  return [orders, reports, recalls, returns, stderr];
}

function prioritise(child: ChildProcess, nice: number): void {
  try {
    setPriority(child.pid as number, nice);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}
