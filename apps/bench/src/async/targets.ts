import { type Target, timesTarget } from "../target.ts";

const ours = "quintet";

const contended = ["contended, 5,000 at once", "contended, 64 loops", "mutex, 64 loops"];

/** What we want to reach with primitives. */
export const targets: readonly Target[] = [
  ...["uncontended", ...contended].flatMap((work) => [
    timesTarget(work, ours, "p-limit", { least: 2 }),
    timesTarget(work, ours, "async-mutex", { least: 2 }),
    timesTarget(work, ours, "async-sema", { least: 1.5 }),
    timesTarget(work, ours, "Effect", { least: 1 }),
  ]),
  timesTarget("acquire, uncontended", ours, "async-mutex", { least: 2 }),
  timesTarget("acquire, uncontended", ours, "async-sema", { least: 1 }),
  timesTarget("acquire, uncontended", ours, "Effect", { least: 1 }),
  timesTarget("tryAcquire", ours, "async-sema", { least: 1.5 }),
];
