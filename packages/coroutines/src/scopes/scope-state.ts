import type { CoroutineState } from "../by-hand/coroutine.ts";

/** A task of a scope that has not ended, as `inspect()` tells. */
export interface ScopeTaskState {
  readonly kind: "coroutine" | "task";
  readonly name: string;
  /** `queued` is for a slot, where the scope has a `limit`. What is no coroutine is `running` until it ends. */
  readonly state: CoroutineState | "queued";
  /** What a coroutine waits for, in words. */
  readonly waitsFor: string | undefined;
  /** Aborted, but not ended. */
  readonly cancelled: boolean;
  /** When it was spawned. */
  readonly since: Date;
  /** The scopes within it. */
  readonly scopes: readonly ScopeState[];
}

/** A scope that has not ended, as `inspect()` tells. As a string it is a drawing of the tree. */
export interface ScopeState {
  readonly kind: "scope";
  readonly name: string;
  readonly cancelled: boolean;
  /** Milliseconds since 1970, or `Infinity`. */
  readonly deadline: number;
  /** In the order in which they were spawned, its own function first. */
  readonly tasks: readonly ScopeTaskState[];
  /** The scopes that have it as their parent, rather than one of its tasks. */
  readonly scopes: readonly ScopeState[];
  toString(): string;
}

interface Branch {
  readonly line: string;
  readonly branches: readonly Branch[];
}

/**
 * Draws a scope: a line for each task, those within it below.
 * `now` and all dates are of one clock.
 */
export function drawScope(state: ScopeState, now: number): string {
  return drawn(branchOfScope(state, now)).join("\n");
}

const branchOfScope = (state: ScopeState, now: number): Branch => ({
  line: [
    `scope ${state.name}`,
    ...(state.cancelled ? ["cancelled"] : []),
    ...(state.deadline < Infinity ? [`${Math.round(state.deadline - now)} ms left`] : []),
  ].join(", "),
  branches: [
    ...state.tasks.map((task) => branchOfTask(task, now)),
    ...state.scopes.map((scope) => branchOfScope(scope, now)),
  ],
});

const branchOfTask = (task: ScopeTaskState, now: number): Branch => ({
  line: [
    `${task.kind} ${task.name}: ${task.waitsFor ? `waits for ${task.waitsFor}` : task.state}`,
    ...(task.cancelled ? ["cancelled"] : []),
    `${Math.round(now - Number(task.since))} ms old`,
  ].join(", "),
  branches: task.scopes.map((scope) => branchOfScope(scope, now)),
});

function drawn({ line, branches }: Branch): string[] {
  const below = branches.flatMap((branch, index) => {
    const isLast = index === branches.length - 1;
    const [first = "", ...others] = drawn(branch);
    const indent = isLast ? "   " : "│  ";
    return [`${isLast ? "└─ " : "├─ "}${first}`, ...others.map((other) => indent + other)];
  });
  return [line, ...below];
}
