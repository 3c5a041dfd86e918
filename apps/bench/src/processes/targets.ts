import { type Target, timesTarget } from "../target.ts";

const ours = "quintet, processes";

/** What we want to reach with processes. */
export const targets: readonly Target[] = ["at once, 20,000", "64 in flight"].flatMap((work) => [
  timesTarget(work, ours, "poolifier, cluster", { least: 5 }),
  timesTarget(work, ours, "workerpool, processes", { least: 10 }),
  timesTarget(work, ours, "tinypool, processes", { least: 10 }),
  timesTarget(work, ours, "Python ProcessPoolExecutor.submit", { least: 15 }),
]);
