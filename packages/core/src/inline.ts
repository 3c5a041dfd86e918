import { InvalidOptionError } from "./errors.ts";
import { makeTask } from "./make-task.ts";
import type { TaskFunction, TaskOf } from "./task.ts";

/**
 * Makes a task of a function's source text, for threads and processes. The function must be self-contained:
 * what it uses from outside is not there where it runs. A queue refuses such tasks.
 *
 * *Errors*: `INVALID_OPTION` for a native or bound function and for a class, which have no such source.
 *
 * @example
 * ```ts
 * import { inline } from "@quintet/core";
 * import { threads } from "@quintet/threads";
 *
 * const pool = threads({ size: 1 });
 * console.log(await pool.run(inline((n: number) => n * 2), 21)); // => 42
 * await pool.close();
 * ```
 */
export function inline<F extends TaskFunction>(call: F): TaskOf<F> {
  const source = typeof call === "function" ? Function.prototype.toString.call(call) : "";
  if (
    source === "" ||
    /^class\b(?!\s*\()/.test(source) ||
    /\{\s*\[native code\]\s*\}\s*$/.test(source)
  ) {
    throw new InvalidOptionError(
      `inline() takes a function written in JavaScript, not ${source === "" ? typeof call : "a native or bound function or a class"}.`,
    );
  }
  const id = `inline.${call.name || "anonymous"}`;
  return makeTask(
    id,
    { kind: "inline", source },
    call as unknown as Parameters<typeof makeTask>[2],
  ) as TaskOf<F>;
}
