import { setTimeout as sleep } from "node:timers/promises";
import { collectGarbage } from "./collect-garbage.ts";

/** The memory in use after all garbage is gone and freed pages have been given back, in bytes. */
export async function settledMemory(): Promise<{ readonly heap: number; readonly rss: number }> {
  for (let pass = 0; pass < 4; pass++) {
    collectGarbage();
    await sleep(100);
  }
  return { heap: process.memoryUsage().heapUsed, rss: process.memoryUsage.rss() };
}
