import { InvalidOptionError } from "@quintet/core";
import { isThenable, matching, reportUncaught, runRules, validateOptions } from "@quintet/core/kit";
import { execute } from "../bridges/execute.ts";
import { AbortScope } from "./abort-scope.ts";
import { ChildTask } from "./child-task.ts";
import type { GroupContext } from "./group-task.ts";

/** Options of `shield`. */
export interface ShieldOptions {
  /** Ends the waiting, not the work. Default: the parent's. */
  readonly signal?: AbortSignal | undefined;
  /** The group, or the context of one of its tasks, that keeps the work: the group waits for it, and fails with it. */
  readonly parent?: GroupContext | undefined;
}

/**
 * Waits for work that an abort must not cut off: the caller may give up, and the work goes on to its end.
 *
 * Give it a `parent`, and the work still belongs to a group, which does not end before it. When the caller has given
 * up, an error of the work fails that group; without a group it is an uncaught one, because nobody else can be told.
 *
 * *Cancellation*: rejects with `signal.reason` at once; when that has aborted before, the function is not called.
 * *Errors*: those of the work, `CLOSED` for a group that has ended, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { shield, sleep, taskGroup } from "@quintet/async";
 *
 * const controller = new AbortController();
 * const save = () => sleep(5).then(() => console.log("saved"));
 * const group = taskGroup((parent) => shield(save, { parent }), { signal: controller.signal });
 * controller.abort("closing");
 * console.log(await group.catch((reason: unknown) => reason));
 * // => saved
 * // => closing
 * ```
 */
export async function shield<Result>(
  work: (() => Result | PromiseLike<Result>) | PromiseLike<Result>,
  options?: ShieldOptions,
): Promise<Result> {
  if (typeof work !== "function" && !isThenable(work)) {
    throw new InvalidOptionError(`shield() takes a function or a promise, got ${typeof work}.`);
  }
  const checked = validateOptions<ShieldOptions>("shield()", options, rules);
  const parent = checked.parent as AbortScope | undefined;
  if (parent?.cancelled) throw parent.reason;
  let isWaiting = true;
  return execute<Result>(checked.signal ?? parent?.signal, (resolve, reject) => {
    const onFailed = (error: unknown): boolean => {
      if (isWaiting) reject(error);
      else if (!parent) reportUncaught(error);
      return isWaiting;
    };
    if (parent) {
      const task = new ChildTask(parent.group, "shield", () => begin(work), {
        onFailed,
        isShielded: true,
      });
      parent.group.add(task);
      task.result.then(resolve, reject);
    } else {
      begin(work).then(resolve, onFailed);
    }
    return () => void (isWaiting = false);
  });
}

async function begin<Result>(
  work: (() => Result | PromiseLike<Result>) | PromiseLike<Result>,
): Promise<Result> {
  return typeof work === "function" ? work() : work;
}

const rules = /* @__PURE__ */ (() => ({
  signal: runRules.signal,
  parent: matching(
    "a task group or the context of one of its tasks",
    (value) => value instanceof AbortScope,
  ),
}))();
