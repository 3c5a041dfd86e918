import type { GroupContext } from "@quintet/async";
import { InvalidOptionError } from "@quintet/core";
import { type Clock, systemClock } from "@quintet/core/kit";
import { currentRoutine } from "../scheduling/routine.ts";
import { OpenScope } from "./open-scope.ts";
import { type ScopeNode, TaskNode } from "./scope-node.ts";

/** What a scope is within: another one, or one of its tasks. */
export interface OuterScope {
  readonly clock: Clock;
  readonly context: GroupContext | undefined;
  enter(node: ScopeNode): void;
  leave(node: ScopeNode): void;
}

/** That of `parent`, or of the coroutine that calls. *Errors*: `INVALID_OPTION` where it is no scope. */
export function outerOf(parent: unknown): OuterScope | undefined {
  if (parent instanceof OpenScope) {
    const { scopes, clock, group } = parent.node;
    return {
      clock,
      context: group,
      enter: (node) => scopes.add(node),
      leave: (node) => scopes.delete(node),
    };
  }
  if (parent !== undefined) {
    throw new InvalidOptionError(`scope(): parent must be a scope, got ${typeof parent}.`);
  }
  const within = currentRoutine()?.within;
  if (!(within instanceof TaskNode)) return undefined;
  const { scope, scopes, context } = within;
  return {
    clock: scope.clock,
    context,
    enter: (node) => scopes.add(node),
    leave: (node) => scopes.delete(node) || scope.scopes.delete(node),
  };
}

/** The clock of the coroutine that calls, or the system's. */
export const currentClock = (): Clock => currentRoutine()?.scheduler.slice.clock ?? systemClock;
