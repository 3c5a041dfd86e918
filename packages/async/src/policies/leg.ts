import type { Call, Operation } from "@quintet/core";
import { type AbortRegistration, never, onAbort } from "@quintet/core/kit";

/** Runs an operation, so that what it throws where it should reject is a rejection. */
export const started = async <Input, Output>(
  next: Operation<Input, Output>,
  input: Input,
  call: Call,
): Promise<Output> => next(input, call);

/**
 * One call that its caller can give up before it has ended. It has a signal of its own, which aborts with the
 * caller's. Whatever becomes of it later, nothing is left unhandled.
 */
export class Leg<Output> {
  readonly #call: Call;
  readonly #controller = new AbortController();
  #registration: AbortRegistration | undefined;
  readonly #work: Promise<Output>;
  #ended = false;

  /** Exactly one of the two is told, unless it was given up before. */
  constructor(
    start: (call: Call) => Promise<Output>,
    call: Call,
    onValue: (value: Output) => void,
    onError: (error: unknown) => void,
  ) {
    this.#call = call;
    const { signal } = this.#controller;
    // Before the start: what is started may itself abort the caller.
    if (call.signal !== never)
      this.#registration = onAbort(call.signal, (reason) => this.#controller.abort(reason));
    this.#work = start({ ...call, signal });
    const end = <T>(tell: (result: T) => void): ((result: T) => void) => {
      return (result) => {
        if (this.#ended) return;
        this.#end();
        tell(result);
      };
    };
    this.#work.then(end(onValue), end(onError));
  }

  /** Asks it to end, and does not wait for it. */
  giveUp(reason: unknown): void {
    if (this.#ended) return;
    this.#end();
    this.#call.abandon?.(this.#work);
    this.#controller.abort(reason);
  }

  #end(): void {
    this.#ended = true;
    this.#registration?.leave();
  }
}
