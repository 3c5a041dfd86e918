import type { GroupContext } from "@quintet/async";
import { type Ending, isSyncGenerator } from "@quintet/core/kit";
import { currentTrack, startWatched } from "../by-hand/watched-task.ts";
import type { SyncGenerator } from "../scheduling/resume-generator.ts";
import { Routine, type RoutineOwner } from "../scheduling/routine.ts";
import { schedulerOf } from "../scheduling/shared-scheduler.ts";
import type { TaskNode } from "./scope-node.ts";

/** What a scope runs: a generator function, which is a coroutine, or any other function. */
export type ScopeCall<Context, Result> = (
  context: Context,
) => Result | PromiseLike<Result> | Generator<unknown, Result, never>;

/** Calls it as a task of a scope, and settles when it has ended. */
export function runTask<Context, Result>(
  call: ScopeCall<Context, Result>,
  argument: Context,
  node: TaskNode,
  context: GroupContext,
): Promise<Result> {
  return startWatched(node.name, () => {
    node.track = currentTrack();
    return runCall(call, argument, node, context);
  });
}

/** The same for the scope's own function, which goes on with what its caller does. */
export function runCall<Context, Result>(
  call: ScopeCall<Context, Result>,
  argument: Context,
  node: TaskNode,
  context: GroupContext,
): Promise<Result> {
  node.context = context;
  let returned: unknown;
  try {
    returned = call(argument);
  } catch (error) {
    node.leave();
    return Promise.reject(error);
  }
  if (isSyncGenerator(returned)) {
    return new ScopeCoroutine(returned, node, context).result as Promise<Result>;
  }
  return Promise.resolve(returned as Result).finally(() => node.leave());
}

/** A coroutine that is a task of a scope. */
class ScopeCoroutine implements RoutineOwner {
  readonly within: TaskNode;
  readonly result: Promise<unknown>;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  constructor(generator: SyncGenerator, node: TaskNode, context: GroupContext) {
    this.within = node;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const routine = new Routine(generator, schedulerOf(node.scope.clock), node.priority, this);
    node.routine = routine;
    context.onAbort((reason) => routine.cancel(reason));
    routine.start();
  }

  ended({ ok, value }: Ending): void {
    this.within.leave();
    if (ok) this.#resolve(value);
    else this.#reject(value);
  }
}
