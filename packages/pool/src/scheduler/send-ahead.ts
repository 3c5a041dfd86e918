import type { Runnable } from "@quintet/core/kit";
import { ringSlots } from "../transport/ring-memory.ts";
import type { WorkerHandle } from "../worker-handle/worker-handle.ts";

/** How many milliseconds of work a worker may hold, so that it need not wait for the next order. */
const aheadFor = 2;

/** A task that has run for so many milliseconds, and so many times as long as others do, holds back what was sent after it. */
export const longTask = 5;
const longer = 2;

/** An input that takes so many milliseconds to send is not sent to a distant worker twice. */
const costly = 0.1;

/** Some slots stay free: those of runs that have ended are filled again before the worker is through with the others. */
const mostHeld = ringSlots - 256;

/**
 * How many runs a worker may hold: one while nothing is known of their length, and two however long they are. The
 * second one is taken back where another worker could run it, or the first takes longer than was to be expected.
 * From a distant worker it would come back too late for that: it holds one where they are long, or costly to send.
 */
export function window(worker: WorkerHandle): number {
  const { link, pace, sender } = worker;
  if (pace === undefined) return 1;
  if (link.ring.isDistant && (pace >= longTask || sender.cost >= costly)) return 1;
  // What took long to send takes long to read as well, and both again should it have to go elsewhere.
  const each = Math.max(pace + 2 * sender.cost, 0.000_25);
  return Math.min(mostHeld, Math.max(2, Math.floor(aheadFor / each)));
}

/** The busy worker that holds least and may be sent one more. */
export function pickAhead(workers: Iterable<WorkerHandle>, now: number): WorkerHandle | undefined {
  let least: WorkerHandle | undefined;
  for (const worker of workers) {
    if (canTakeAhead(worker, now) && (!least || worker.held < least.held)) least = worker;
  }
  return least;
}

/** Whether a busy worker may be sent one more. */
export function canTakeAhead(worker: WorkerHandle, now: number): boolean {
  if (!worker.isOpen || worker.held >= window(worker) || runsLong(worker, now)) return false;
  return worker.sender.given < worker.quota;
}

/** Milliseconds it takes to give a run to another worker. */
const moving = 0.002;

/** About how many milliseconds would be saved by moving what it holds behind the task that runs. */
export function workAhead({ held, pace = moving, sender }: WorkerHandle): number {
  return (held - 1) * (pace - moving - sender.cost);
}

/** Whether it holds a second run only because it may, however long they are. */
export function holdsOneBehindLong({ held, pace = 0 }: WorkerHandle): boolean {
  return held > 1 && pace > aheadFor;
}

/** Whether its task has run for long. */
export function runsLong(worker: WorkerHandle, now: number): boolean {
  return now - worker.since >= Math.max(longTask, longer * (worker.pace ?? 0));
}

/** Tasks shorter than so many milliseconds end sooner at a worker that is awake than another one wakes. */
export const short = 0.002;

/** Milliseconds of such tasks that a worker may hold before another one is woken. */
const mostQuick = 0.2;

/** Whether what a worker runs is that short. */
export function isShort({ pace }: WorkerHandle): boolean {
  return pace !== undefined && pace < short;
}

/** Whether a task is so short at this worker that several are given at once, and no other worker is woken for it. */
export function isQuick(worker: WorkerHandle, task: Runnable): boolean {
  return isShort(worker) && worker.knows(task);
}

/** Whether a busy worker has ended what it holds before another one would be awake. */
export function endsSoon(worker: WorkerHandle, task: Runnable, now: number): boolean {
  const { state, held, pace = Infinity } = worker;
  if (state !== "up" || held === 0 || held * pace >= mostQuick) return false;
  return isQuick(worker, task) && !runsLong(worker, now);
}
