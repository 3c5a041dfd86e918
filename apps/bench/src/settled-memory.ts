import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf } from "./children-of.ts";
import { collectGarbage } from "./collect-garbage.ts";

/**
 * The memory in use after all garbage is gone and freed pages have been given back, in bytes. `rss` is that of this
 * process and of those it has started; what these share among each other, such as Node itself, counts once.
 */
export async function settledMemory(): Promise<{ readonly heap: number; readonly rss: number }> {
  for (let pass = 0; pass < 4; pass++) {
    collectGarbage();
    await sleep(100);
  }
  return {
    heap: process.memoryUsage().heapUsed,
    rss: process.memoryUsage.rss() + ofChildren(process.pid),
  };
}

function ofChildren(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + resident(child) + ofChildren(child), 0);
}

/** Its own pages, and its part of those it shares; on Linux alone. */
function resident(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return 1_024 * Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
  } catch {
    return 0; // it has ended
  }
}
