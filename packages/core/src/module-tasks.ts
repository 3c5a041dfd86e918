import { InvalidOptionError, NotSupportedError } from "./errors.ts";
import { makeTask } from "./make-task.ts";
import type { Task, TaskFunction, TaskOf } from "./task.ts";

/** Tasks of a module's exported functions, under the same names. */
export type ModuleTasks<Module> = {
  readonly [
    Name in keyof Module as Module[Name] extends TaskFunction ? Name : never
  ]: Module[Name] extends TaskFunction ? TaskOf<Module[Name]> : never;
};

/**
 * Makes tasks of the functions an existing module exports, without importing it here: only the worker that
 * runs one does. The first parameter of each function is its input; a second one gets the context.
 *
 * *Errors*: `INVALID_OPTION` for a bad URL; running one rejects with `TASK_NOT_FOUND` when the module does not
 * export it. Called directly, such a task throws `NOT_SUPPORTED`, since its code is not loaded here; the event
 * loop's executor imports it first.
 *
 * @example
 * ```ts
 * import { moduleTasks } from "@quintet/core";
 * import { eventLoop } from "@quintet/async";
 *
 * const path = moduleTasks<typeof import("node:path")>("path", new URL("node:path"));
 * console.log(await eventLoop().run(path.normalize, "/tmp//a.txt")); // => /tmp/a.txt
 * ```
 */
export function moduleTasks<Module>(namespace: string, module: URL | string): ModuleTasks<Module> {
  const url = String(module);
  if (!URL.canParse(url)) {
    throw new InvalidOptionError(
      `moduleTasks() takes an absolute URL, such as new URL("./hash.js", import.meta.url), got ${JSON.stringify(url)}.`,
    );
  }
  const tasks = new Map<string, Task<unknown, unknown>>();
  const get = (_target: object, name: string | symbol): Task<unknown, unknown> | undefined => {
    // Without this, awaiting the object would call a task named "then".
    if (typeof name === "symbol" || name === "then") return undefined;
    let task = tasks.get(name);
    if (!task) tasks.set(name, (task = exportTask(`${namespace}.${name}`, url, name)));
    return task;
  };
  return new Proxy(Object.create(null) as object, { get }) as ModuleTasks<Module>;
}

function exportTask(id: string, module: string, name: string): Task<unknown, unknown> {
  return makeTask(id, { kind: "export", module, name }, () => {
    throw new NotSupportedError(
      `${id} cannot be called directly, because ${module} is not loaded here; give it to an executor.`,
    );
  });
}
