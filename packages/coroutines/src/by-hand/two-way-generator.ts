import { type AbortRegistration, type Ending, onAbort } from "@quintet/core/kit";
import type { SyncGenerator } from "../scheduling/resume-generator.ts";
import { Routine } from "../scheduling/routine.ts";
import type { CoroutineStart } from "./coroutine.ts";

type Step = IteratorResult<unknown, unknown>;

/** A call that waits for its answer. */
interface Request extends PromiseWithResolvers<Step> {
  readonly how: "next" | "throw" | "return";
  readonly value: unknown;
}

/** What it is ended with when it is left. */
const leaving = new DOMException("The generator was left.", "AbortError");

/** A routine that makes its steps when it is asked for an item. */
export class TwoWayGenerator implements AsyncGenerator<unknown, unknown, unknown> {
  readonly #routine: Routine;
  readonly #signal: AbortSignal | undefined;
  /** It listens from its first step on: one that is never asked for anything must not be kept by its signal. */
  #registration: AbortRegistration | undefined;
  /** Calls of `next` and `throw`; the first is being answered while it runs. */
  readonly #requests: Request[] = [];
  readonly #leaves: Request[] = [];
  #state: "new" | "running" | "paused" | "ended" = "new";
  /** What it failed with while nobody asked. */
  #failure: { readonly error: unknown } | undefined;

  constructor(generator: SyncGenerator, { scheduler, priority, signal }: CoroutineStart) {
    this.#routine = new Routine(generator, scheduler, priority, {
      emit: (item) => this.#give(item),
      ended: (ending) => this.#end(ending),
    });
    this.#signal = signal;
  }

  next(value?: unknown): Promise<Step> {
    return this.#ask("next", value);
  }

  throw(error: unknown): Promise<Step> {
    return this.#ask("throw", error);
  }

  return(value?: unknown): Promise<Step> {
    const request: Request = { how: "return", value, ...Promise.withResolvers<Step>() };
    if (this.#state === "ended" || this.#state === "new") {
      this.#close();
      this.#failure = undefined;
      request.resolve({ done: true, value });
    } else {
      this.#leaves.push(request);
      this.#routine.cancel(leaving);
    }
    return request.promise;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #ask(how: Request["how"], value: unknown): Promise<Step> {
    const request: Request = { how, value, ...Promise.withResolvers<Step>() };
    this.#requests.push(request);
    if (this.#requests.length === 1) this.#answer(request);
    return request.promise;
  }

  #answer({ how, value }: Request): void {
    if (this.#state === "new" && this.#signal?.aborted) {
      this.#failure = { error: this.#signal.reason };
      this.#state = "ended";
    }
    if (this.#state === "ended" || (this.#state === "new" && how === "throw")) {
      this.#close();
      this.#answerAtEnd();
    } else if (this.#state === "new") {
      this.#state = "running";
      const signal = this.#signal;
      if (signal) this.#registration = onAbort(signal, (reason) => this.#routine.cancel(reason));
      this.#routine.start();
    } else if (this.#state === "paused") {
      this.#state = "running";
      if (how === "throw") this.#routine.throw(value);
      else this.#routine.answer(value);
    }
  }

  #give(item: unknown): Promise<unknown> {
    this.#state = "paused";
    this.#requests.shift()?.resolve({ done: false, value: item });
    const [following] = this.#requests;
    // Later: the routine has not come to rest yet.
    if (following) queueMicrotask(() => this.#requests[0] === following && this.#answer(following));
    return new Promise(() => {}); // until it is answered, thrown into or cancelled
  }

  #end({ ok, value }: Ending): void {
    this.#close();
    const isLeft = this.#leaves.length > 0;
    const error = ok || (isLeft && value === leaving) ? undefined : { error: value };
    this.#leaves.splice(0).forEach((leave, index) => {
      if (error && index === 0) leave.reject(error.error);
      else leave.resolve({ done: true, value: leave.value });
    });
    if (isLeft) return this.#answerAtEnd();
    const asked = this.#requests.shift();
    if (!asked) this.#failure = error;
    else if (ok) asked.resolve({ done: true, value });
    else asked.reject(value);
    this.#answerAtEnd();
  }

  #answerAtEnd(): void {
    for (const { how, value, resolve, reject } of this.#requests.splice(0)) {
      if (how === "throw") reject(value);
      else if (this.#failure) reject(this.#failure.error);
      else resolve({ done: true, value: undefined });
      this.#failure = undefined;
    }
  }

  #close(): void {
    this.#state = "ended";
    this.#registration?.leave();
  }
}
