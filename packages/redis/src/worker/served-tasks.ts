import { isTask, type Task } from "@quintet/core";

/** The tasks of an object or a list, by their ids. */
export function tasksById(tasks: unknown): Map<string, Task<unknown, unknown>> {
  const values = typeof tasks === "object" && tasks !== null ? Object.values(tasks) : [];
  const nested = values.flatMap((value: unknown) =>
    isTask(value) ? [value] : [...tasksById(value).values()],
  );
  return new Map(nested.map((task) => [task.id, task]));
}
