import type { TaskRun } from "@quintet/core/kit";
import type { WorkerHandle } from "../worker-handle/worker-handle.ts";

/** What its caller groups tasks by. */
export type Key = string | number;

/** What a run belongs to: a key, or one worker and no other. */
export function keyOf(run: TaskRun): Key | WorkerHandle | undefined {
  return run.options.key;
}

/** The key of what may run on one worker only. */
export function onlyOn(worker: WorkerHandle): Key {
  // Callers give strings and numbers, which are checked, so that nobody else can make such a key.
  return worker as unknown as Key;
}

/** The only worker that may run it, if that is so. */
export function onlyWorker(run: TaskRun): WorkerHandle | undefined {
  const key = keyOf(run);
  return typeof key === "object" ? key : undefined;
}

/** Why a run is cancelled that only one worker may run, when that is gone. */
export const leftOut: unique symbol = Symbol("left out");
