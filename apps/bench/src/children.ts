import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";

const alive = new Set<ChildProcess>();

// However this process ends, what it has started ends with it; a handler cannot wait, so nobody is asked.
process.on("exit", () => alive.forEach(endNow));

/** Starts a process with a group of its own, so that what it starts can be ended together with it. */
export function startChild(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true });
  alive.add(child);
  child.on("close", () => alive.delete(child));
  child.on("error", () => alive.delete(child));
  return child;
}

/** Ends a process and all that it has started, without asking. */
export function endNow(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
