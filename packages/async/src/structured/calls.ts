import { InvalidOptionError } from "@quintet/core";
import { isThenable } from "@quintet/core/kit";
import type { GroupCall } from "./group-task.ts";
import type { TaskGroupOptions } from "./task-group.ts";

/** What several calls run under: everything a task group takes, but for a supervisor. */
export type CallsOptions = Omit<TaskGroupOptions, "supervise">;

/** What a call gives in the end. */
export type CallResult<Call> = Call extends (...args: never[]) => infer Returned
  ? Awaited<Returned>
  : never;

/** *Errors*: `INVALID_OPTION` for anything but an array of functions. */
export function checkCalls(method: string, calls: readonly GroupCall<unknown>[]): void {
  if (!Array.isArray(calls)) {
    throw new InvalidOptionError(`${method}() takes an array of functions, got ${typeof calls}.`);
  }
  calls.forEach((call, index) => {
    if (typeof call === "function") return;
    const advice = isThenable(call)
      ? "a promise, which runs already and cannot be stopped; write () => in front of it"
      : typeof call;
    throw new InvalidOptionError(`${method}() takes functions; the one at ${index} is ${advice}.`);
  });
}
