import { taskGroup, type TaskGroupOptions } from "../src/structured/task-group.ts";
import type { MakeGroup } from "./group-programs.ts";

/** Groups with one mistake each, that a suite of any worth finds. */
export const brokenGroups: Readonly<Record<string, MakeGroup>> = {
  "leaves its listener at the signal": (body, options) => {
    options?.signal?.addEventListener("abort", () => {});
    return taskGroup(body, options);
  },
  "rejects without waiting for the others": (body, options) =>
    new Promise((resolve, reject) => {
      taskGroup((group) => {
        group.signal.addEventListener("abort", () =>
          reject(group.signal.reason.cause ?? group.signal.reason),
        );
        return body(group);
      }, options).then(resolve, reject);
    }),
  "loses the errors after the first": (body, options) =>
    taskGroup(body, options).catch((error: unknown) => {
      if (error instanceof Error) {
        for (const key of Object.getOwnPropertySymbols(error)) Reflect.deleteProperty(error, key);
      }
      throw error;
    }),
  "does not tell its tasks of an abort from outside": (body, options) =>
    taskGroup(body, without(options, "signal")),
  "takes in more than its limit": (body, options) => taskGroup(body, without(options, "limit")),
  "leaves the groups within alone": (body, options) => taskGroup(body, without(options, "parent")),
  "leaves its timers running": (body, options) => {
    options?.clock?.after(1, () => {});
    return taskGroup(body, options);
  },
  "is a supervisor that hears nothing": (body, options) =>
    taskGroup(body, options?.supervise ? { ...options, supervise: () => {} } : options),
};

const without = (
  options: TaskGroupOptions | undefined,
  name: keyof TaskGroupOptions,
): TaskGroupOptions => ({ ...options, [name]: undefined });
