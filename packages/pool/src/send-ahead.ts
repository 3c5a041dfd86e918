import { boardSlots } from "./board.ts";
import type { WorkerHandle } from "./worker-handle.ts";

/** How many milliseconds of work a worker may hold, so that it need not wait for the next order. */
const aheadFor = 2;

/** A task that runs longer than this holds back what was sent after it. */
const stuckAfter = 5;

/** How many runs a worker may hold; one while nothing is known of their length, and while they are long. */
function window(worker: WorkerHandle): number {
  if (worker.pace === undefined) return 1;
  return Math.min(boardSlots / 2, Math.max(1, Math.floor(aheadFor / Math.max(worker.pace, 0.001))));
}

/** The busy worker that holds least and may be sent one more. */
export function pickAhead(
  workers: Iterable<WorkerHandle>,
  mostGiven: number,
  now: number,
): WorkerHandle | undefined {
  let least: WorkerHandle | undefined;
  for (const worker of workers) {
    const held = worker.assignments.length;
    if (worker.state !== "up" || held >= window(worker) || isLong(worker, now)) continue;
    if (worker.given >= mostGiven || !worker.hasFreeSlot) continue;
    if (!least || held < least.assignments.length) least = worker;
  }
  return least;
}

/** Whether what was sent after the running task should go elsewhere. */
export function isStuck(worker: WorkerHandle, now: number): boolean {
  return worker.assignments.length > 1 && isLong(worker, now);
}

/** Whether a worker holds runs that a new one of this priority must pass. */
export function isPassedBy(worker: WorkerHandle, priority: number): boolean {
  return (
    worker.assignments.length > 1 &&
    worker.assignments.some(({ run }, index) => index > 0 && run.priority < priority)
  );
}

const isLong = (worker: WorkerHandle, now: number): boolean => now - worker.since > stuckAfter;
