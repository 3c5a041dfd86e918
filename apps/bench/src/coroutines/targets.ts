import { plainTarget, type Target, timesTarget } from "../target.ts";

/** What we want to reach with coroutines. */
export const targets: readonly Target[] = [
  timesTarget("a yield, alone", "quintet, go", "bare generators", { most: 3 }),
  timesTarget("a yield, alone", "quintet, go", "Effect", { most: 0.5 }),
  timesTarget("a yield among fifty", "quintet, go", "Effect", { most: 0.5 }),
  timesTarget("a wait for a promise", "quintet, go", "async, setImmediate", { most: 2 }),
  plainTarget("fifty beside a timer: longest gap", "quintet, go", "ms", { most: 20 }),
];
