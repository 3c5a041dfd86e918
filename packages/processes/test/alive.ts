import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Whether a process runs, or has ended and was not looked after yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** One whose parent is gone is left to the system, which in a container may never look after it. */
function isZombie(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, ""));
  } catch {
    return false;
  }
}

/** Looks until something holds; false when it does not within so many milliseconds. */
export async function within(limit: number, holds: () => boolean): Promise<boolean> {
  for (const end = Date.now() + limit; Date.now() < end; await sleep(10)) if (holds()) return true;
  return holds();
}

/** The pids of what this process has started and that is not gone. */
export function childrenOfThis(): number[] {
  const threads = readdirSync("/proc/self/task");
  const lists = threads.map((id) => readFileSync(`/proc/self/task/${id}/children`, "utf8"));
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number)).filter(isAlive);
}
