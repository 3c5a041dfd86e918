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
  #names: ContextNames | undefined;

  constructor(id: string, attempt: number = 1) {
    this.id = id;
    this.attempt = attempt;
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
    return (value) => this.report(value);
  }

  get semaphore(): TaskContext["semaphore"] {
    return (...args) => this.#named.semaphore(...args);
  }

  get channel(): TaskContext["channel"] {
    return (...args) => this.#named.channel(...args);
  }

  get #named(): ContextNames {
    return (this.#names ??= this.openNames());
  }

  /** Takes what a task reports; nobody hears it, but where that is overridden. */
  protected report(_value: unknown): void {}

  /** Called when the first name is asked for; there are none, but where that is overridden. */
  protected openNames(): ContextNames {
    throw new NotSupportedError("Only an executor has names.");
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
