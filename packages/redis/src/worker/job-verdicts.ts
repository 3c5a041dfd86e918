import { TaskNotFoundError, WorkerLostError } from "@quintet/core";
import { printed } from "@quintet/core/kit";
import type { ItemEnd } from "./item-run.ts";
import type { Envelope } from "../transport/protocol.ts";
import type { FetchedJob, JobEnd } from "../transport/transport.ts";

/** How often a job whose task nobody knows is looked at before it is given up. */
const mostLooks = 8;

/** Milliseconds until it is looked at again, by a worker that may know it. */
const lookAgain = (looks: number): number => Math.min(100 * 2 ** looks, 30_000);

/** What becomes of a job that is not run now, and the error to tell where it never will be. */
export interface JobVerdict {
  readonly end: JobEnd;
  readonly error: unknown;
  /** What people are told of it, when it is put aside for the first time. */
  readonly note?: string | undefined;
}

/** Another worker may know the task; where none does, it goes to the dead letters. */
export function unknownTask(
  { deliveries, losses }: FetchedJob,
  { task }: Envelope,
  known: readonly string[],
  timesAside: number,
): JobVerdict {
  const looks = deliveries - losses - timesAside;
  if (looks < mostLooks)
    return { end: { type: "back", delay: lookAgain(looks) }, error: undefined };
  const names = known.toSorted();
  const shown = names.slice(0, 20).join(", ") + (names.length > 20 ? ", …" : "");
  const message = `No worker that looked at it knows the task ${JSON.stringify(task)}; the last one knows ${shown || "none"}.`;
  return { end: { type: "dead", reason: message }, error: new TaskNotFoundError(message) };
}

/**
 * A task that was sent by newer code waits for a worker that has it; that is no attempt, and has no end but the caller's.
 * Where there is such a worker it is soon looked at again, since chance decides who does.
 */
export function newerTask(
  { task, version = 1 }: Envelope,
  { here, worker, isNear }: { here: number; worker: string; isNear: boolean },
  timesAside: number,
): JobVerdict {
  const delay = isNear ? 50 + 100 * Math.random() : Math.min(100 * 2 ** timesAside, 5_000);
  const note = `${task} needs version ${version}; worker ${worker} has version ${here}, and leaves it to a newer one.`;
  return {
    end: { type: "back", delay, aside: "version" },
    error: undefined,
    note: timesAside === 0 ? note : undefined,
  };
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
