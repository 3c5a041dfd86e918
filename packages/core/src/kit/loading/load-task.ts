import { definedTask } from "../../define-tasks.ts";
import { TaskLoadError, TaskNotFoundError } from "../../errors.ts";
import type { TaskContext } from "../../task-context.ts";
import type { TaskOrigin } from "../../task.ts";
import { compileSource } from "./compile-source.ts";
import { printed } from "../errors/printed.ts";

/** A task's code, ready to be called. */
export type TaskCall = (input: unknown, context: TaskContext) => unknown;

/**
 * Finds the code of a task where it is to run: imports its module, or evaluates its source.
 *
 * *Errors*: `TASK_LOAD_FAILED` when the import throws, `TASK_NOT_FOUND` when the module lacks the task.
 */
export async function loadTask(id: string, origin: TaskOrigin): Promise<TaskCall> {
  if (origin.kind === "inline") return evaluate(id, origin.source);
  const exports = await importModule(id, origin.module);
  if (origin.kind === "defined") {
    const task = definedTask(origin.module, id);
    if (task) return task;
    throw new TaskNotFoundError(
      `${origin.module} was loaded and defines no task ${id}. Is defineTasks() given its own import.meta.url, ` +
        `and does the worker load the same file?`,
    );
  }
  const call = exported(exports, origin.name);
  if (typeof call === "function") return call as TaskCall;
  throw new TaskNotFoundError(
    `${origin.module} exports no function ${JSON.stringify(origin.name)}; it exports ${Object.keys(exports).join(", ") || "nothing"}.`,
  );
}

async function importModule(id: string, url: string): Promise<Record<string, unknown>> {
  try {
    return (await import(/* @vite-ignore */ url)) as Record<string, unknown>;
  } catch (cause) {
    throw new TaskLoadError(
      `The module of task ${id} could not be loaded: ${url} (${printed(cause)}).`,
      { cause },
    );
  }
}

/** An own export by name; for CommonJS also one of `module.exports`, which arrives as the default export. */
function exported(exports: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(exports, name)) return exports[name];
  const main = exports["default"];
  const isHolder = (typeof main === "object" && main !== null) || typeof main === "function";
  return isHolder && Object.hasOwn(main, name)
    ? (main as Record<string, unknown>)[name]
    : undefined;
}

function evaluate(id: string, source: string): TaskCall {
  try {
    return compileSource(source);
  } catch (cause) {
    throw new TaskLoadError(`The source of ${id} could not be evaluated (${printed(cause)}).`, {
      cause,
    });
  }
}
