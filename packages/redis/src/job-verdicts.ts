import { TaskNotFoundError, WorkerLostError } from "@quintet/core";
import { printed } from "@quintet/core/kit";
import type { ItemEnd } from "./item-run.ts";
import type { Envelope } from "./protocol.ts";
import type { FetchedJob, JobEnd } from "./transport.ts";

/** How often a job whose task nobody knows is looked at before it is given up. */
const mostLooks = 8;

/** Milliseconds until it is looked at again, by a worker that may know it. */
const lookAgain = (looks: number): number => Math.min(100 * 2 ** looks, 30_000);

/** Another worker may know the task; where none does, it goes to the dead letters. */
export function unknownTask(
  { deliveries, losses }: FetchedJob,
  { task }: Envelope,
  known: readonly string[],
): { readonly end: JobEnd; readonly error: unknown } {
  const looks = deliveries - losses;
  if (looks < mostLooks)
    return { end: { type: "back", delay: lookAgain(looks) }, error: undefined };
  const names = known.toSorted();
  const shown = names.slice(0, 20).join(", ") + (names.length > 20 ? ", …" : "");
  const message = `No worker that looked at it knows the task ${JSON.stringify(task)}; the last one knows ${shown || "none"}.`;
  return { end: { type: "dead", reason: message }, error: new TaskNotFoundError(message) };
}

/**
 * The error of a job that has lost its workers too often. Where nobody bounded that, only those losses count in which it
 * ran alone: before, it may have been any task of that worker.
 */
export function lossOf(
  { losses }: FetchedJob,
  { task, retries, window }: Envelope,
  lossesAlone: number,
  { maxLosses, worker }: { readonly maxLosses: number; readonly worker: string },
): WorkerLostError | undefined {
  if (losses === 0) return undefined;
  const isGuilty = retries === undefined ? lossesAlone > maxLosses : losses > retries;
  // What a stream has yielded cannot be taken back.
  if (!isGuilty && window === undefined) return undefined;
  const times = losses === 1 ? "its worker was" : `${losses} workers in a row were`;
  return new WorkerLostError(
    `${task} was given up, because ${times} lost while running it (found by worker ${worker}).`,
    { task, worker },
  );
}

/** What nobody waits for, and has failed, is for people to see. */
export function endOf({ to, keep }: Envelope, ends: readonly ItemEnd[]): JobEnd {
  const failed = ends.find((end) => end.type === "ended" && "error" in end);
  if (to !== null || keep !== undefined || failed?.type !== "ended") return { type: "done" };
  return { type: "dead", reason: printed(failed.error) };
}
