import type { Call } from "@quintet/core";
import { type AbortRegistration, onAbort } from "@quintet/core/kit";

interface Caller {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly registration: AbortRegistration;
}

/** One call that several callers wait for. It lands when it has ended or all of them have left. */
export class Flight {
  readonly #controller = new AbortController();
  readonly #callers = new Set<Caller>();
  readonly #onLanding: () => void;
  #work: Promise<unknown> | undefined;

  constructor(onLanding: () => void) {
    this.#onLanding = onLanding;
  }

  /** The signal must not be aborted. */
  join(call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const registration = onAbort(call.signal, (reason) => this.#leave(caller, call, reason));
      const caller: Caller = { resolve, reject, registration };
      this.#callers.add(caller);
    });
  }

  start(start: (call: Call) => Promise<unknown>, call: Call): void {
    this.#work = start({ ...call, signal: this.#controller.signal });
    if (this.#callers.size === 0) call.abandon?.(this.#work); // it has itself aborted its first caller
    this.#work.then(
      (value) => this.#land((caller) => caller.resolve(value)),
      (error: unknown) => this.#land((caller) => caller.reject(error)),
    );
  }

  #land(tell: (caller: Caller) => void): void {
    // When all have left it has landed already, and another one may have its place.
    if (this.#callers.size === 0) return;
    this.#onLanding();
    for (const caller of this.#callers) {
      caller.registration.leave();
      tell(caller);
    }
    this.#callers.clear();
  }

  #leave(caller: Caller, call: Call, reason: unknown): void {
    this.#callers.delete(caller);
    caller.reject(reason);
    if (this.#callers.size > 0) return;
    this.#onLanding();
    if (this.#work) call.abandon?.(this.#work);
    this.#controller.abort(reason);
  }
}
