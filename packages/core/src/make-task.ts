import { RunContext } from "./kit/runs/run-context.ts";
import type { TaskContext } from "./task-context.ts";
import type { Task, TaskOrigin } from "./task.ts";

let calls = 0;

/** Makes a function a task; called directly, it gets a context of its own. */
export function makeTask(
  id: string,
  origin: TaskOrigin,
  call: (input: unknown, context: TaskContext) => unknown,
  version?: number,
): Task<unknown, unknown> {
  const task = (
    input: unknown,
    context: TaskContext = new RunContext(`call-${++calls}`),
  ): unknown => call(input, context);
  Object.defineProperty(task, "name", { value: id });
  return Object.assign(task, { id, origin }, version === undefined ? {} : { version });
}
