import { InvalidOptionError } from "../../errors.ts";

/** *Errors*: `INVALID_OPTION` when the thing to run is no function at all. */
export function checkRunnable(method: string, task: unknown): void {
  if (typeof task === "function") return;
  throw new InvalidOptionError(
    `${method}() takes a task as its first argument, got ${task === null ? "null" : typeof task}. ` +
      `Is its name spelt as in defineTasks()?`,
  );
}
