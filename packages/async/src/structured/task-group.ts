import { InvalidOptionError } from "@quintet/core";
import {
  type Clock,
  duration,
  matching,
  runRules,
  systemClock,
  typed,
  validateOptions,
  wholeNumber,
} from "@quintet/core/kit";
import { AbortScope } from "./abort-scope.ts";
import type { GroupSettings } from "./group.ts";
import { lateGroup } from "./abort-error.ts";
import type {
  GroupCall,
  GroupContext,
  GroupTask,
  InspectedTask,
  SpawnOptions,
} from "./group-task.ts";
import { OpenGroup } from "./open-group.ts";

/** Options of `taskGroup`. All durations are milliseconds. */
export interface TaskGroupOptions {
  /** For messages and `inspect()`. Default: `"task group"`. */
  readonly name?: string | undefined;
  /** Aborts all tasks; the group rejects with its reason when they have ended. */
  readonly signal?: AbortSignal | undefined;
  /** How long it may take. Default: no bound. */
  readonly timeout?: number | undefined;
  /** When it must be done: a `Date`, or milliseconds since 1970. The earliest of the bounds counts. Default: never. */
  readonly deadline?: Date | number | undefined;
  /** How many spawned tasks run at once; others wait, first come first. The body is not counted. Default: `Infinity`. */
  readonly limit?: number | undefined;
  /**
   * How long aborted tasks may take to end. Then the group waits for them no longer and rejects with `TASKS_LEAKED`,
   * which names them. Default: `Infinity`, which waits for them in any case.
   */
  readonly grace?: number | undefined;
  /**
   * Makes it a supervisor: a spawned task that fails is told of here, and stops no other. What it throws fails the
   * group, and so does what the body throws. Default: the first error of any task fails the group.
   */
  readonly supervise?: ((error: unknown, task: GroupTask<unknown>) => void) | undefined;
  /**
   * A group, or the context of one of its tasks, within which this one is: it is aborted with it, is done by its
   * deadline at the latest, uses its clock, and the outer group waits for it.
   */
  readonly parent?: GroupContext | undefined;
  /** Where time comes from, for tests. Default: the parent's, or the system's. */
  readonly clock?: Clock | undefined;
}

/** A group whose tasks run; what the body of `taskGroup` gets. It is the body's own context as well. */
export interface TaskGroup extends GroupContext {
  /**
   * Starts a task. Its function is called before `spawn` returns, unless the limit makes it wait. Where the group
   * is aborted already, the function is never called, and the task is cancelled.
   *
   * *Errors*: throws `CLOSED` when the group has ended.
   */
  spawn<Result>(call: GroupCall<Result>, options?: SpawnOptions): GroupTask<Result>;
  /** Like `spawn`, but gives nothing where the task would have to wait. */
  trySpawn<Result>(call: GroupCall<Result>, options?: SpawnOptions): GroupTask<Result> | undefined;
  /**
   * Starts a task, such as a server, and waits until it calls `ready`; gives what that is called with. A failure
   * before that rejects here and is no failure of the group; one after it is.
   */
  start<Value>(
    call: (ready: (value: Value) => void, context: GroupContext) => unknown,
    options?: SpawnOptions,
  ): Promise<Value>;
  /** Calls a function when all tasks have ended, the last one given first. All are called, whatever one throws. */
  defer(call: () => unknown): void;
  /** Aborts all tasks, which is no failure: the group ends as its body does. Default reason: an `AbortError`. */
  cancel(reason?: unknown): void;
  /** What has not ended, as of now. */
  inspect(): TaskGroupState;
}

/** A group, as `inspect()` tells. */
export interface TaskGroupState {
  readonly kind: "task group";
  readonly name: string;
  readonly cancelled: boolean;
  /** Milliseconds since 1970, or `Infinity`. */
  readonly deadline: number;
  readonly limit: number;
  /** In the order in which they were spawned, the body first. */
  readonly tasks: readonly InspectedTask[];
  /** The groups that have it as their parent, rather than one of its tasks. */
  readonly groups: readonly TaskGroupState[];
}

/**
 * Runs a function and the tasks it spawns, and settles when all of them have ended, whatever happens: with what the
 * function gives, or with the first error.
 *
 * A task that fails aborts the others, with an `AbortError` whose `cause` is the error. The group rejects with that
 * very error; `suppressed(error)` has what else went wrong.
 *
 * *Cancellation*: `signal`, `parent` and `deadline` abort all tasks. Once they have ended, the group rejects with the
 * first error of a task that is not just the abort; otherwise with the reason of the signal or the parent; otherwise
 * with `TIMEOUT`. A task that does not listen keeps the group waiting; `grace` bounds that.
 * *Errors*: those of its tasks, `TIMEOUT`, `TASKS_LEAKED`, `CLOSED` for a parent that has ended, `INVALID_OPTION`.
 * *Cost*: O(1) to spawn and to end; a promise for each task, and a signal for those that ask for it.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "@quintet/async";
 *
 * const sum = await taskGroup(
 *   async (group) => {
 *     const one = group.spawn(async () => 1);
 *     const two = group.spawn(({ signal }) => sleep(10, { signal }).then(() => 2));
 *     return (await one.result) + (await two.result);
 *   },
 *   { timeout: 1_000 },
 * );
 * console.log(sum); // => 3
 * ```
 *
 * The rules are those of Trio's nurseries and Kotlin's coroutine scopes.
 */
export async function taskGroup<Result>(
  body: (group: TaskGroup) => Result | PromiseLike<Result>,
  options?: TaskGroupOptions,
): Promise<Result> {
  if (typeof body !== "function") {
    throw new InvalidOptionError(`taskGroup() takes a function, got ${typeof body}.`);
  }
  const group = new OpenGroup(settingsOf(options));
  return group.run(() => body(group));
}

function settingsOf(options: TaskGroupOptions | undefined): GroupSettings {
  const checked = validateOptions<TaskGroupOptions>("taskGroup()", options, rules);
  const {
    name = "task group",
    signal,
    timeout = Infinity,
    limit = Infinity,
    grace = Infinity,
  } = checked;
  const parent = checked.parent as AbortScope | undefined;
  const clock = checked.clock ?? parent?.group.settings.clock ?? systemClock;
  const { supervise, deadline: absolute = Infinity } = checked;
  const own = Math.min(clock.date() + timeout, Number(absolute));
  const deadline = Math.min(own, parent?.group.settings.deadline ?? Infinity);
  const late = (): unknown => lateGroup(name, deadline);
  return { name, parent, signal, clock, limit, grace, deadline, late, supervise };
}

const rules = /* @__PURE__ */ (() => ({
  name: typed("string"),
  signal: runRules.signal,
  timeout: duration(),
  deadline: runRules.deadline,
  limit: wholeNumber(1, true),
  grace: duration(true),
  supervise: typed("function"),
  parent: matching(
    "a task group or the context of one of its tasks",
    (value) => value instanceof AbortScope,
  ),
  clock: typed("object"),
}))();
