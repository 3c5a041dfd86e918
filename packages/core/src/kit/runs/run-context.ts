import { NotSupportedError } from "../../errors.ts";
import type { Names } from "../../names.ts";
import type { TaskContext } from "../../task-context.ts";

/** The names of one run. */
export interface ContextNames extends Names {
  cancel(reason: unknown): void;
  end(): void;
}

/**
 * The context of one run: an id, an attempt and a way to cancel it. The signal is made when first asked for.
 */
export class RunContext implements TaskContext {
  readonly attempt: number;
  readonly id: string;
  #controller: AbortController | undefined;
  #cancelled = false;
  /** Why it was cancelled. */
  reason: unknown;
  readonly #report: ((value: unknown) => void) | undefined;
  readonly #openNames: ((context: RunContext) => ContextNames) | undefined;
  #names: ContextNames | undefined;

  /** `openNames` is called when the first name is asked for; without it there are none. */
  constructor(
    id: string,
    attempt: number = 1,
    report?: (value: unknown) => void,
    openNames?: (context: RunContext) => ContextNames,
  ) {
    this.id = id;
    this.attempt = attempt;
    this.#report = report;
    this.#openNames = openNames;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Nothing, but where a worker was set up. */
  get state(): unknown {
    return undefined;
  }

  // A function of its own: a task may take it out of the context.
  get progress(): (value: unknown) => void {
    return (value) => this.#report?.(value);
  }

  get semaphore(): TaskContext["semaphore"] {
    return (...args) => this.#named.semaphore(...args);
  }

  get channel(): TaskContext["channel"] {
    return (...args) => this.#named.channel(...args);
  }

  get #named(): ContextNames {
    if (!this.#openNames) throw new NotSupportedError("No executor: no names.");
    return (this.#names ??= this.#openNames(this));
  }

  /** Its function has ended. */
  end(): void {
    this.#names?.end();
  }

  /** Aborts the signal; only the first reason counts. */
  cancel(reason: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.reason = reason;
    this.#controller?.abort(reason);
    this.#names?.cancel(reason);
  }
}
