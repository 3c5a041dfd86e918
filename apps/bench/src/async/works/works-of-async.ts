import type { Group } from "../../group.ts";
import { asyncWork } from "../async-work.ts";
import { asyncSubjects } from "../subjects/async-subjects.ts";
import { contendedAtOnceWork, contendedWork, signalWork } from "./contended.ts";
import { oneSignalWork } from "./one-signal.ts";
import { queueWork } from "./queue.ts";
import { acquireWork, oneByOneWork, tryAcquireWork } from "./uncontended.ts";

/** What primitives have to do. */
export const worksOfAsync: Group["works"] = ({ quick }) => {
  const sized = (full: number, small: number): number => (quick ? small : full);
  return [
    oneByOneWork("uncontended", sized(50_000, 2_000)),
    acquireWork("acquire, uncontended", sized(200_000, 5_000)),
    tryAcquireWork("tryAcquire", sized(1_000_000, 20_000)),
    contendedAtOnceWork("contended, 5,000 at once", sized(5_000, 500), 8),
    contendedWork("contended, 64 loops", sized(50_000, 2_000), 8),
    contendedWork("mutex, 64 loops", sized(50_000, 2_000), 1),
    signalWork("contended, one signal", sized(50_000, 2_000), true),
    signalWork("contended, a signal each", sized(20_000, 2_000), false),
    oneSignalWork("1 waiter on one signal", 1, sized(5_000, 200)),
    oneSignalWork("20,000 waiters on one signal", sized(20_000, 1_000), 1),
    queueWork("queue, 4 workers", sized(50_000, 2_000), 4),
  ].map((work) => asyncWork(work, asyncSubjects));
};
