import { InvalidOptionError } from "./errors.ts";
import { sharedState } from "./kit/shared-state.ts";
import { makeTask } from "./make-task.ts";
import type { Task, TaskFunction, TaskOf } from "./task.ts";

/** The tasks that `defineTasks` made of its functions, under the same names. */
export type Tasks<Functions extends Record<string, TaskFunction>> = {
  readonly [Name in keyof Functions]: TaskOf<Functions[Name]>;
};

/** Options of `defineTasks`. */
export interface TasksOptions {
  /**
   * A whole number from 1 up, to be raised when the tasks change so that older code must not run what is sent by newer code:
   * a worker of a queue that has an older version leaves it to newer ones. Default: 1.
   */
  readonly version?: number | undefined;
}

/** By module and id: two modules may use one namespace. */
const registry: Map<string, Task<unknown, unknown>> = sharedState("tasks", () => new Map());

/**
 * Makes tasks of functions. Export the result from a module of its own: threads and processes import
 * that module again, so it should do nothing else when loaded.
 *
 * - `namespace`: the first part of the ids; letters, digits, `-` and `_`.
 * - `module`: `import.meta.url` of the module this call stands in.
 * - `functions`: each takes one input and a context. It may be sync, async, a generator or an async generator;
 *   what a generator yields is its stream, what it returns its result. A sync generator may also
 *   `yield` a promise: it is awaited, its value comes back from the `yield`, and it is no item of the stream.
 * - `options`: the tasks' `version`, for queues whose workers are not all of one age.
 *
 * *Errors*: `INVALID_OPTION` for a bad namespace, module URL, function or version.
 *
 * @example
 * ```ts
 * import { defineTasks } from "@quintet/core";
 *
 * const text = defineTasks("text", import.meta.url, {
 *   async count(line: string) {
 *     return line.split(" ").length;
 *   },
 *   *letters(line: string) {
 *     for (const letter of line) yield letter;
 *     return line.length;
 *   },
 * });
 * console.log(text.count.id, await text.count("one two three")); // => text.count 3
 * ```
 */
export function defineTasks<Functions extends Record<string, TaskFunction>>(
  namespace: string,
  module: string,
  functions: Functions,
  { version }: TasksOptions = {},
): Tasks<Functions> {
  if (typeof namespace !== "string" || !/^[\w-]+$/.test(namespace)) {
    throw new InvalidOptionError(
      `defineTasks() takes a namespace of letters, digits, "-" and "_", got ${JSON.stringify(namespace)}.`,
    );
  }
  if (typeof module !== "string" || !URL.canParse(module)) {
    throw new InvalidOptionError(
      `defineTasks() takes import.meta.url as its second argument, got ${JSON.stringify(module)}.`,
    );
  }
  if (version !== undefined && !(Number.isSafeInteger(version) && version >= 1)) {
    throw new InvalidOptionError(
      `defineTasks() takes a version that is a whole number from 1 up, got ${String(version)}.`,
    );
  }
  const entries = Object.entries(functions).map(([name, call]) => {
    if (typeof call !== "function") {
      throw new InvalidOptionError(
        `defineTasks() takes functions; ${namespace}.${name} is ${typeof call}.`,
      );
    }
    const id = `${namespace}.${name}`;
    const task = makeTask(
      id,
      { kind: "defined", module },
      call.bind(functions) as Parameters<typeof makeTask>[2],
      version,
    );
    registry.set(key(module, id), task);
    return [name, task] as const;
  });
  // fromEntries defines, where assigning would set the prototype for "__proto__".
  return Object.fromEntries(entries) as unknown as Tasks<Functions>;
}

/** The task that the module at `module` has defined under an id, once it is loaded. */
export function definedTask(module: string, id: string): Task<unknown, unknown> | undefined {
  return registry.get(key(module, id));
}

const key = (module: string, id: string): string => `${id} ${module}`;
