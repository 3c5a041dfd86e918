import type { TaskContext } from "../../task-context.ts";

/**
 * The context of one run: an id, an attempt and a way to cancel it. The signal is made when first asked for.
 */
export class RunContext implements TaskContext {
  readonly attempt: number;
  readonly #id: string;
  #controller: AbortController | undefined;
  #cancelled = false;
  #reason: unknown;
  readonly #report: ((value: unknown) => void) | undefined;

  constructor(id: string, attempt: number = 1, report?: (value: unknown) => void) {
    this.#id = id;
    this.attempt = attempt;
    this.#report = report;
  }

  get id(): string {
    return this.#id;
  }

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

  /** Why it was cancelled. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Nothing, but where a worker was set up. */
  get state(): unknown {
    return undefined;
  }

  // A function of its own: a task may take it out of the context.
  get progress(): (value: unknown) => void {
    return (value) => this.#report?.(value);
  }

  /** Aborts the signal; only the first reason counts. */
  cancel(reason: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
