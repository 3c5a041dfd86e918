import { TimeoutError, WorkerStartError } from "@quintet/core";
import type { Ending, TaskRun } from "@quintet/core/kit";
import { placeOf } from "../worker-handle/place.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";

/** Milliseconds after which it looks whether workers are alive, and whether other workers have answered. */
const slice = 20;
/** The same while its run is not the only one at a worker. */
const shortSlice = 2;

/**
 * Blocks this thread until a run has ended, and does meanwhile for the pool what the event loop would: gives out runs
 * and reads answers, those of others too. Timers do not run, so that time is kept here.
 */
export function waitBlocked(run: TaskRun, scheduler: Scheduler, timeout: number): Ending {
  const end = performance.now() + timeout;
  for (;;) {
    scheduler.turn();
    if (run.ending) return run.ending;
    const left = end - performance.now();
    if (left <= 0 || isStuck(scheduler)) run.cancel(overdue(run, scheduler, timeout));
    else block(run, scheduler, left);
  }
}

/** Whether all there is are workers that cannot come up before this thread goes on, as in a bundle. */
function isStuck({ handles }: Scheduler): boolean {
  return [...handles].every(({ state, link }) => state === "starting" && link.needsCaller);
}

function overdue({ taskId }: TaskRun, { handles }: Scheduler, timeout: number): Error {
  return [...handles].some(({ state }) => state === "up")
    ? new TimeoutError(`${taskId} was not done within ${timeout} ms.`)
    : new WorkerStartError("No worker came up while its caller blocked. Await ready().");
}

/** Waits at the run's worker; where it has none, at any, and not for long. */
function block(run: TaskRun, { handles }: Scheduler, left: number): void {
  const [any] = handles;
  const worker = placeOf(run)?.worker ?? any;
  const most = worker && worker.held <= 1 ? slice : shortSlice;
  worker?.link.ring.block(worker.lane.head, Math.min(left, most));
}
