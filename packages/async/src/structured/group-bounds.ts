import { ClosedError } from "@quintet/core";
import { type AbortRegistration, type Clock, onAbort, type Timer } from "@quintet/core/kit";
import type { AbortScope } from "./abort-scope.ts";
import type { Group } from "./group.ts";

/** What bounds a group, checked and with what it inherits. */
export interface Bounds {
  readonly name: string;
  readonly parent: AbortScope | undefined;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  /** Milliseconds since 1970, at most the parent's. */
  readonly deadline: number;
  /** What aborts it when its own deadline, rather than the parent's, has passed. */
  readonly late: () => unknown;
}

/** What may end a group from outside: its signal, its parent and its deadline. */
export class GroupBounds {
  readonly #bounds: Bounds;
  /** Why its signal or its parent aborted it, even where something else had before. */
  #interruption: { readonly reason: unknown } | undefined;
  #lateness: { readonly reason: unknown } | undefined;
  #registration: AbortRegistration | undefined;
  #timer: Timer | undefined;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** Why it must end. Its caller's abort counts before its own deadline, so that neither hides the other. */
  get end(): { readonly reason: unknown } | undefined {
    return this.#interruption ?? this.#lateness;
  }

  /** Throws where the group must not even begin. */
  enter(group: Group): void {
    const { name, parent, signal, clock, deadline, late } = this.#bounds;
    if (parent?.hasEnded) throw new ClosedError(`${name}: its parent, ${parent.name}, has ended.`);
    if (parent?.cancelled) throw parent.reason;
    if (signal?.aborted) throw signal.reason;
    const left = deadline - clock.date();
    if (left <= 0) throw late();
    parent?.groups.add(group);
    parent?.group.hold();
    if (signal) this.#registration = onAbort(signal, (reason) => group.interrupt(reason));
    if (left === Infinity || deadline === parent?.group.settings.deadline) return;
    this.#timer = clock.after(left, () => {
      this.#lateness = { reason: late() };
      group.abort(this.#lateness.reason);
    });
  }

  interrupt(reason: unknown): void {
    this.#interruption ??= { reason };
  }

  leave(group: Group): void {
    const { parent } = this.#bounds;
    this.#registration?.leave();
    this.#timer?.cancel();
    if (!parent) return;
    parent.groups.delete(group);
    parent.group.groups.delete(group); // where the parent was a task that has ended
    parent.group.release();
  }
}
