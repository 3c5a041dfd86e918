import type { GroupContext, TaskGroup } from "@quintet/async";
import type { Clock, Track } from "@quintet/core/kit";
import type { Routine } from "../scheduling/routine.ts";
import { drawScope, type ScopeState, type ScopeTaskState } from "./scope-state.ts";

/** A task of a scope, in the tree that `inspect()` draws. */
export class TaskNode {
  readonly name: string;
  readonly priority: number;
  readonly scope: ScopeNode;
  readonly scopes: Set<ScopeNode> = new Set();
  readonly #since: number;
  /** Once it was called. */
  context: GroupContext | undefined;
  /** Who it is; known once it was called, while waits are watched. */
  track: Track | undefined;
  /** Where it is a coroutine. */
  routine: Routine | undefined;

  constructor(name: string, scope: ScopeNode, priority: number = 0) {
    this.name = name;
    this.priority = priority;
    this.scope = scope;
    this.#since = scope.clock.date();
    scope.tasks.add(this);
  }

  /** It has ended; the scope looks after what it leaves behind. */
  leave(): void {
    this.scope.tasks.delete(this);
    for (const scope of this.scopes) this.scope.scopes.add(scope);
    this.scopes.clear();
  }

  /** It was cancelled before it got a slot: its function will never be called. */
  leaveUncalled(): void {
    if (!this.context) this.leave();
  }

  state(): ScopeTaskState {
    const { name, context, routine } = this;
    return {
      kind: routine ? "coroutine" : "task",
      name,
      state: routine ? stateOf(routine) : context ? "running" : "queued",
      waitsFor: routine?.state === "waiting" ? (routine.waitsFor ?? "a promise") : undefined,
      cancelled: context?.cancelled ?? false,
      since: new Date(this.#since),
      scopes: [...this.scopes].map((scope) => scope.state()),
    };
  }
}

const stateOf = ({ state }: Routine): Exclude<Routine["state"], "new"> =>
  state === "new" ? "ready" : state;

/** A scope in that tree. */
export class ScopeNode {
  readonly clock: Clock;
  readonly group: TaskGroup;
  readonly tasks: Set<TaskNode> = new Set();
  readonly scopes: Set<ScopeNode> = new Set();

  constructor(group: TaskGroup, clock: Clock) {
    this.group = group;
    this.clock = clock;
  }

  state(): ScopeState {
    const { name, cancelled, deadline } = this.group;
    const now = this.clock.date();
    return {
      kind: "scope",
      name,
      cancelled,
      deadline,
      // In a cancelled one those without a slot never get it.
      tasks: [...this.tasks]
        .filter(({ context }) => context ?? !cancelled)
        .map((task) => task.state()),
      scopes: [...this.scopes].map((scope) => scope.state()),
      toString() {
        return drawScope(this, now);
      },
    };
  }
}
