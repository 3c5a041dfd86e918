import {
  type AbortRegistration,
  type Ending,
  joinCallers,
  joined,
  onAbort,
  type Track,
} from "@quintet/core/kit";
import type { SyncGenerator } from "../scheduling/resume-generator.ts";
import { Routine, type RoutineOwner } from "../scheduling/routine.ts";
import type { Scheduler } from "../scheduling/scheduler.ts";
import { currentTrack, waitForTask } from "./watched-task.ts";

/** `ready` waits for its turn, `waiting` for something that it yielded. */
export type CoroutineState = "ready" | "running" | "waiting" | "ended";

/** The handle of a coroutine. In another one, `yield* handle` waits for it and gives its result. */
export interface Coroutine<T> extends AsyncDisposable {
  readonly name: string;
  readonly state: CoroutineState;
  /** What it waits for, in words; `undefined` when it does not wait. */
  readonly waitsFor: string | undefined;
  /**
   * What it returns or throws, once it has ended: its `finally` is over by then. When it fails and nobody asks for
   * it, that is an unhandled rejection; unless it was cancelled.
   */
  readonly result: Promise<T>;
  /**
   * Ends it where it stands: its `finally` runs, and may wait; then `result` rejects with the reason. Only the first
   * reason counts. Default: an `AbortError`.
   */
  cancel(reason?: unknown): void;
  /** Throws an error into it where it stands; it may catch that and go on. */
  throw(error: unknown): void;
  [Symbol.iterator](): Generator<PromiseLike<T>, T, unknown>;
}

/** How a coroutine is started. */
export interface CoroutineStart {
  readonly name: string;
  readonly priority: number;
  readonly scheduler: Scheduler;
  readonly signal: AbortSignal | undefined;
}

const ignore = (): void => {};

/** A coroutine that somebody holds. */
export class HeldCoroutine<T> implements Coroutine<T>, RoutineOwner {
  readonly name: string;
  readonly result: Promise<T>;
  readonly #routine: Routine;
  readonly #track: Track | undefined = currentTrack();
  readonly #registration: AbortRegistration | undefined;
  #settle!: (result: T | PromiseLike<T>) => void;

  constructor(generator: SyncGenerator, { name, priority, scheduler, signal }: CoroutineStart) {
    this.name = name;
    // Not `withResolvers`, whose object would be kept as well.
    this.result = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#routine = new Routine(generator, scheduler, priority, this);
    if (signal?.aborted) this.#routine.cancel(signal.reason);
    else if (signal) {
      this.#registration = onAbort(signal, (reason) => this.#routine.cancel(reason));
    }
    this.#routine.start();
  }

  get state(): CoroutineState {
    const { state } = this.#routine;
    return state === "new" ? "ready" : state;
  }

  get waitsFor(): string | undefined {
    if (this.#routine.state !== "waiting") return undefined;
    return this.#routine.waitsFor ?? "a promise";
  }

  cancel(reason: unknown = new DOMException("The coroutine was cancelled.", "AbortError")): void {
    if (this.#routine.state === "ended") return;
    this.result.catch(ignore); // who cancels it knows
    this.#routine.cancel(reason);
  }

  throw(error: unknown): void {
    this.#routine.throw(error);
  }

  *[Symbol.iterator](): Generator<PromiseLike<T>, T, unknown> {
    return yield* waitForTask(this.result, `coroutine ${this.name}`, this.#track);
  }

  /** Cancels it and waits until it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.result.catch(ignore);
  }

  /** Told by its routine. */
  ended({ ok, value }: Ending): void {
    this.#registration?.leave();
    this.#settle(ok ? (value as T) : joined(value, joinCallers));
  }
}
