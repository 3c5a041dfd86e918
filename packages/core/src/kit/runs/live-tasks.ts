import type { LiveTask } from "../../live-task.ts";
import type { Clock } from "../clock/clock.ts";
import type { TaskRun } from "./task-run.ts";

/** What a list tells of a run, and what it is ordered by; also of one in a batch, which is no `TaskRun`. */
export type ListedRun = Pick<
  TaskRun,
  | "id"
  | "taskId"
  | "attempt"
  | "started"
  | "settled"
  | "admission"
  | "since"
  | "priority"
  | "number"
  | "lane"
>;

const states = ["running", "queued", "waiting"] as const;

/** The index of its state. */
const rank = ({ started, admission }: ListedRun): number => (started ? 0 : admission ? 2 : 1);

/** What runs, the longest first; then what is queued, in the order of the queue; then what waits to be. */
function compare(one: ListedRun, other: ListedRun): number {
  return (
    rank(one) - rank(other) ||
    (one.started ? one.since - other.since : other.priority - one.priority) ||
    // Numbers are given in the order of the calls, which is what a queue keeps within a priority.
    one.number - other.number
  );
}

/** Tells of runs what users can know of them. `name` is that of the executor. */
export function liveTasks(name: string, runs: readonly ListedRun[], clock: Clock): LiveTask[] {
  const start = clock.date() - clock.now();
  return runs
    .filter(({ started, settled }) => started || !settled) // or it never will start
    .toSorted(compare)
    .map((run) => ({
      id: run.id,
      task: run.taskId,
      state: states[rank(run)]!,
      cancelled: run.settled,
      attempt: run.attempt,
      since: new Date(start + run.since),
      ...(run.started && run.lane !== name && { worker: run.lane }),
    }));
}
