import {
  type GroupContext,
  type GroupTask,
  type TaskGroup,
  taskGroup,
  type TaskGroupOptions,
} from "@quintet/async";
import { validateOptions } from "@quintet/core/kit";
import { checkCall, OpenScope } from "./open-scope.ts";
import { currentClock, outerOf } from "./outer-scope.ts";
import { runCall, type ScopeCall } from "./run-call.ts";
import { ScopeNode, TaskNode } from "./scope-node.ts";
import { scopeRules } from "./scope-rules.ts";
import type { ScopeState } from "./scope-state.ts";

/** Options of `scope`. All durations are milliseconds. */
export interface ScopeOptions extends Omit<TaskGroupOptions, "parent"> {
  /**
   * The scope within which this one is: it is aborted with it, is done by its deadline at the latest, uses its clock,
   * and the outer one waits for it. Default: that of the coroutine that calls.
   */
  readonly parent?: Scope | undefined;
}

/** Options of `spawn` in a scope. */
export interface ScopeSpawnOptions {
  /** For messages and `inspect()`. Default: the function's name, or a number. */
  readonly name?: string | undefined;
  /** Of a coroutine: higher first, in turns within one. Default: 0. */
  readonly priority?: number | undefined;
}

/** The handle of a task in a scope. In a coroutine, `yield* handle` waits for it and gives its result. */
export interface ScopeTask<Result> extends GroupTask<Result> {
  [Symbol.iterator](): Generator<PromiseLike<Result>, Result, unknown>;
}

/** A scope whose tasks run; what the function of `scope` gets. */
export interface Scope {
  readonly name: string;
  /** Aborts when the scope is cancelled, one of its tasks failed, or the deadline has passed. */
  readonly signal: AbortSignal;
  readonly cancelled: boolean;
  /** When it must be done: milliseconds since 1970, and never later than its parent's. `Infinity` where none is. */
  readonly deadline: number;
  /** The group of tasks that it is, with all that one can do, and for groups within. */
  readonly group: TaskGroup;
  /**
   * Starts a task: a coroutine, where it is a generator function, or any other function. It gets a context with its
   * `signal`; a coroutine need not look at that.
   *
   * *Errors*: throws `CLOSED` when the scope has ended.
   */
  spawn<Result>(
    call: ScopeCall<GroupContext, Result>,
    options?: ScopeSpawnOptions,
  ): ScopeTask<Result>;
  /** Calls a function when all tasks have ended, the last one given first. It may be a generator function. */
  defer(call: () => unknown): void;
  /** Aborts all tasks, which is no failure: the scope ends as its function does. Default reason: an `AbortError`. */
  cancel(reason?: unknown): void;
  /** What has not ended, as of now; as a string, a drawing of the tree. */
  inspect(): ScopeState;
}

/**
 * Runs a function and the coroutines and tasks it spawns, and settles when all of them have ended, whatever happens:
 * with what the function gives, or with the first error. It is `taskGroup` of `@quintet/async` for coroutines, and its
 * rules are the same: the first error aborts the others, and is the one that is thrown; nothing outlives the scope.
 *
 * *Cancellation*: `signal`, `parent`, `timeout` and `deadline` end all coroutines where they stand, and abort the
 * signals of the other tasks. Scopes in the coroutines of a scope are within it by themselves; in other tasks, say so
 * with `parent`.
 * *Errors*: those of its tasks, `TIMEOUT`, `TASKS_LEAKED`, `CLOSED` for a parent that has ended, `INVALID_OPTION`.
 * *Cost*: O(1) to spawn and to end; a signal for each coroutine.
 *
 * @example
 * ```ts
 * import { scope, sleep } from "@quintet/coroutines";
 *
 * const sum = await scope(
 *   function* (s) {
 *     s.defer(() => console.log("all have ended"));
 *     const one = s.spawn(function* () {
 *       yield* sleep(5);
 *       return 1;
 *     });
 *     const other = s.spawn(async () => 2);
 *     return (yield* one) + (yield* other);
 *   },
 *   { timeout: 1_000 },
 * ); // => all have ended
 * console.log(sum); // => 3
 * ```
 */
export async function scope<Result>(
  call: ScopeCall<Scope, Result>,
  options?: ScopeOptions,
): Promise<Result> {
  checkCall("scope()", call);
  const checked = validateOptions<ScopeOptions>("scope()", options, scopeRules);
  const outer = outerOf(checked.parent);
  const clock = checked.clock ?? outer?.clock ?? currentClock();
  let node: ScopeNode | undefined;
  try {
    return await taskGroup(
      (group) => {
        node = new ScopeNode(group, clock);
        outer?.enter(node);
        const body = new TaskNode(call.name || "body", node);
        return runCall(call, new OpenScope(node), body, group);
      },
      { name: "scope", ...checked, clock, parent: outer?.context },
    );
  } finally {
    if (node) outer?.leave(node);
  }
}
