import { reportUncaught } from "@quintet/core/kit";
import type { Group } from "./group.ts";

/**
 * What one abort reaches: a signal, which is made when first asked for, and the groups within. A group and each of its
 * tasks are one. Aborts go from scope to scope by plain calls, so that nesting adds no listeners.
 */
export abstract class AbortScope {
  abstract readonly name: string;
  /** The group that lives as long as this scope's groups do. */
  abstract readonly group: Group;
  /** Whether nothing can begin in it any more. */
  abstract readonly hasEnded: boolean;
  /** The groups that have this scope as their parent, and have not ended. */
  readonly groups: Set<Group> = new Set();
  #controller: AbortController | undefined;
  #callbacks: ((reason: unknown) => void)[] | undefined;
  #cancelled = false;
  #reason: unknown;

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Why it was aborted. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Calls back when it aborts, or at once where it has. Nobody has to leave: what it reaches ends with it. */
  onAbort(callback: (reason: unknown) => void): void {
    if (this.#cancelled) callback(this.#reason);
    else (this.#callbacks ??= []).push(callback);
  }

  /** Only the first reason counts; false for the others. */
  abort(reason: unknown): boolean {
    if (this.#cancelled) return false;
    this.#cancelled = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const callback of this.#callbacks ?? []) {
      try {
        callback(reason);
      } catch (error) {
        reportUncaught(error); // the others still wait for their turn
      }
    }
    this.#callbacks = undefined;
    for (const group of [...this.groups]) group.interrupt(reason);
    return true;
  }
}
