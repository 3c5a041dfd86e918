import type { GroupContext, GroupTask, GroupTaskState, TaskGroup } from "@quintet/async";
import { InvalidOptionError } from "@quintet/core";
import { anyNumber, isSyncGenerator, typed, validateOptions } from "@quintet/core/kit";
import { go } from "../by-hand/go.ts";
import { waitForTask } from "../by-hand/watched-task.ts";
import { runTask, type ScopeCall } from "./run-call.ts";
import type { Scope, ScopeSpawnOptions, ScopeTask } from "./scope.ts";
import { type ScopeNode, TaskNode } from "./scope-node.ts";
import type { ScopeState } from "./scope-state.ts";

/** The public face of a scope. */
export class OpenScope implements Scope {
  readonly node: ScopeNode;
  readonly group: TaskGroup;
  #count = 0;

  constructor(node: ScopeNode) {
    this.node = node;
    this.group = node.group;
  }

  get name(): string {
    return this.group.name;
  }

  get signal(): AbortSignal {
    return this.group.signal;
  }

  get cancelled(): boolean {
    return this.group.cancelled;
  }

  get deadline(): number {
    return this.group.deadline;
  }

  spawn<Result>(
    call: ScopeCall<GroupContext, Result>,
    options?: ScopeSpawnOptions,
  ): ScopeTask<Result> {
    checkCall("spawn()", call);
    const checked = validateOptions<ScopeSpawnOptions>("spawn()", options, spawnRules);
    const { name = call.name || `task ${++this.#count}`, priority } = checked;
    const node = new TaskNode(name, this.node, priority);
    try {
      const run = (context: GroupContext): Promise<Result> => runTask(call, context, node, context);
      const task = this.group.spawn(run, { name });
      if (this.cancelled) node.leaveUncalled();
      return new HeldTask(task, node);
    } catch (error) {
      node.leave();
      throw error;
    }
  }

  defer(call: () => unknown): void {
    checkCall("defer()", call);
    const { clock } = this.node;
    this.group.defer(() => {
      const returned: unknown = call();
      if (!isSyncGenerator(returned)) return returned;
      return go(() => returned as Generator<unknown, unknown, never>, { clock });
    });
  }

  cancel(reason?: unknown): void {
    this.group.cancel(reason);
  }

  inspect(): ScopeState {
    return this.node.state();
  }
}

const spawnRules = { name: typed("string"), priority: anyNumber };

class HeldTask<Result> implements ScopeTask<Result> {
  readonly #task: GroupTask<Result>;
  readonly #node: TaskNode;

  constructor(task: GroupTask<Result>, node: TaskNode) {
    this.#task = task;
    this.#node = node;
  }

  get name(): string {
    return this.#task.name;
  }

  get state(): GroupTaskState {
    return this.#task.state;
  }

  get result(): Promise<Result> {
    return this.#task.result;
  }

  cancel(reason?: unknown): void {
    this.#task.cancel(reason);
    this.#node.leaveUncalled();
  }

  *[Symbol.iterator](): Generator<PromiseLike<Result>, Result, unknown> {
    return yield* waitForTask(this.result, `task ${this.name}`, this.#node.track);
  }
}

/** *Errors*: `INVALID_OPTION` where it is no function. */
export function checkCall(owner: string, call: unknown): void {
  if (typeof call === "function") return;
  throw new InvalidOptionError(
    `${owner} takes a function, got ${call === null ? "null" : typeof call}.`,
  );
}
