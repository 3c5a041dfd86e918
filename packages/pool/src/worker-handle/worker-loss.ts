import { WorkerLostError } from "@quintet/core";
import type { TaskRun } from "@quintet/core/kit";
import { placeOf } from "./place.ts";
import type { WorkerExit } from "../transport/transport.ts";
import type { WorkerHandle } from "./worker-handle.ts";

/** A run whose order kills workers before they start it is not sent again and again. */
const mostMoves = 5;

/**
 * What becomes of a run whose worker was lost: the one that ran hears of it, unless it may be retried;
 * one that had not started runs elsewhere. One that was cancelled and did not end has no more to say.
 * Buffers that moved to the lost worker cannot move again.
 */
export function afterLoss(
  run: TaskRun,
  { label, link }: WorkerHandle,
  exit: WorkerExit,
): "retried" | "moved" | { readonly thrown: unknown } {
  const place = placeOf(run);
  const { retries = 0, transfer } = run.options;
  const lost = (): { thrown: unknown } => ({
    thrown: place.killed ? place.reason : workerLost(run.taskId, label, exit),
  });
  if (run.settled || place.killed || (transfer && place.sent)) return lost();
  if (!link.ring.hasStarted(place.position)) {
    place.moves = (place.moves ?? 0) + 1;
    return place.moves > mostMoves ? lost() : "moved";
  }
  if (place.delivered || (place.retries ?? 0) >= retries) return lost();
  place.retries = (place.retries ?? 0) + 1;
  run.attempt++;
  return "retried";
}

/** Describes the loss of a worker to the task it ran. A new error each time: tasks must not share one. */
function workerLost(task: string, worker: string, exit: WorkerExit): WorkerLostError {
  const { exitCode, signal, error, stderr } = exit;
  const details = [
    error instanceof Error ? error.message : undefined,
    exitCode === undefined ? undefined : `exit code ${exitCode}`,
    signal === undefined ? undefined : `signal ${signal}`,
  ].filter((detail) => detail !== undefined);
  const message = `${worker} was lost while it ran ${task}${details.length > 0 ? ` (${details.join(", ")})` : ""}.`;
  const loss = { task, worker, exitCode, signal, stderr };
  return new WorkerLostError(message, loss, error === undefined ? undefined : { cause: error });
}
