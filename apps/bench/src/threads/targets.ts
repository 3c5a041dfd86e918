import { flatTarget, plainTarget, type Target, timesTarget } from "../target.ts";

const ours = "quintet";
const parking = "quintet, parking";

/** What we want to reach with threads. */
export const targets: readonly Target[] = [
  timesTarget("at once, 20,000", ours, "Piscina", { least: 30 }),
  timesTarget("at once, 20,000", ours, "poolifier", { least: 8 }),
  timesTarget("64 in flight", ours, "Piscina", { least: 15 }),
  timesTarget("64 in flight", ours, "poolifier", { least: 3 }),
  timesTarget("one at a time, p50", parking, "Piscina", { most: 0.5 }),
  timesTarget("one at a time, p50", ours, "bare postMessage", { most: 1.2 }),
  timesTarget("map of 200,000", ours, "Python multiprocessing.Pool.map", { least: 1 }),
  plainTarget("10 ms of CPU", ours, "×", { least: 1.95 }),
  flatTarget("queued, 1,000,000", "queued, 1,000", ours, { least: 0.75, most: 1.25 }),
  plainTarget("memory after 1,000,000 tasks", ours, "%", { least: -5, most: 5 }),
];
