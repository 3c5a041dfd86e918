import { type Target, timesTarget } from "../target.ts";

const ours = "quintet";

/** What we want to reach with policies: to cost no more than those that are made for one of them. */
export const targets: readonly Target[] = [
  timesTarget("retry, good at once", ours, "p-retry", { most: 1 }),
  timesTarget("retry, good at once", ours, "cockatiel", { most: 1 }),
  timesTarget("timeout, in time", ours, "cockatiel", { most: 1 }),
  timesTarget("circuit breaker, closed", ours, "cockatiel", { most: 1 }),
  timesTarget("limit of 8, free", ours, "p-limit", { most: 0.5 }),
  timesTarget("limit of 8, at once", ours, "p-limit", { least: 1 }),
  timesTarget("retry, breaker, limit and timeout", ours, "cockatiel", { most: 1 }),
  timesTarget("retry, good at once, with a signal", ours, "p-retry", { most: 1 }),
  timesTarget("retry, good at once, with a signal", ours, "cockatiel", { most: 1 }),
  timesTarget("timeout, in time, with a signal", ours, "cockatiel", { most: 1 }),
  timesTarget("circuit breaker, closed, with a signal", ours, "cockatiel", { most: 1 }),
  timesTarget("limit of 8, free, with a signal", ours, "cockatiel", { most: 1 }),
  timesTarget("limit of 8, at once, with a signal", ours, "cockatiel", { least: 1 }),
  timesTarget("retry, breaker, limit and timeout, with a signal", ours, "cockatiel", { most: 1 }),
];
