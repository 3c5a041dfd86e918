import type { ChildProcess } from "node:child_process";
import { systemClock } from "@quintet/core/kit";

/** Milliseconds between asking a process to end and ending it. */
const patience = 500;

/** Asks a child and all that it has started to end, and ends what is left of them soon after. */
export function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined || !signalGroup(pid, "SIGTERM")) return;
  systemClock.after(patience, () => void signalGroup(pid, "SIGKILL"), { background: true });
}

/** False when nobody is left. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    // Where there are no groups, as on Windows, only the child is reached.
    return process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    return false;
  }
}
