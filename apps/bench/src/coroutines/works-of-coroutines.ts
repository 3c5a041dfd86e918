import type { Group } from "../group.ts";
import { besideATimerWork } from "./works/beside-a-timer.ts";
import { givingWayWork } from "./works/giving-way.ts";
import { startingWork } from "./works/starting.ts";
import { waitingWork } from "./works/waiting.ts";

/** What coroutines have to do. */
export const worksOfCoroutines: Group["works"] = ({ quick }) => {
  const sized = (full: number, small: number): number => (quick ? small : full);
  return [
    givingWayWork("a yield, alone", 1, sized(500_000, 20_000)),
    givingWayWork("a yield among fifty", 50, sized(500_000, 20_000)),
    waitingWork("a wait for a promise", sized(200_000, 10_000)),
    startingWork("20,000 at once", sized(20_000, 2_000)),
    besideATimerWork(50, sized(40, 10)),
  ];
};
