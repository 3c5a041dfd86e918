import {
  type AsyncContext,
  asyncContext,
  type Ending,
  isNativeGenerator,
  isThenable,
} from "@quintet/core/kit";
import { type Answered, Answers } from "./answers.ts";
import { isAbort } from "./is-abort.ts";
import { resumeGenerator, type Resumption, type SyncGenerator } from "./resume-generator.ts";
import { type Scheduler, Stepper } from "./scheduler.ts";

/** What a routine is made for. */
export interface RoutineOwner {
  /** Takes what it yields besides promises; a promise pauses it, and one that rejects ends it. */
  readonly emit?: ((item: unknown) => void | PromiseLike<unknown>) | undefined;
  /** The task of a scope that it is. */
  readonly within?: object | undefined;
  /** Told once, when its generator has ended. */
  ended(ending: Ending): void;
}

const runStep = (routine: Routine): boolean => routine.step(true);
const goOn: Resumption = { how: "next", value: undefined };

/** Where a routine stands. */
export type RoutineState = "new" | "ready" | "running" | "waiting" | "ended";

let current: Routine | undefined;

const enter = (routine: Routine | undefined): void => {
  current = routine;
};

/** The routine whose step this is; nothing anywhere else. */
export const currentRoutine = (): Routine | undefined => current;

/**
 * A generator under way: it makes a step whenever its turn comes, and sleeps while a promise it yielded is pending.
 *
 * *Cancellation*: it is ended where it stands, its `finally` runs to its end, and may wait. Then it has ended with
 * the reason, or with what `finally` threw. So it is when `emit` fails.
 */
export class Routine extends Stepper implements Answered {
  readonly priority: number;
  readonly scheduler: Scheduler;
  readonly #generator: SyncGenerator;
  readonly #isNative: boolean;
  readonly #owner: RoutineOwner;
  readonly #context: AsyncContext | undefined = asyncContext();
  #resumption = goOn;
  /** What comes after the next step instead of what that yields. */
  #afterwards: Resumption | undefined;
  /** Whether it waits for what it yielded, and not for whoever takes its items. */
  #isYielded = false;
  /** Whether its next step gets what it waited for. */
  #isAnswered = false;
  #state: RoutineState = "new";
  /** What it waits for, in words; nothing when it does not wait, or did not say. */
  waitsFor: string | undefined;
  /** Stops what it waits for, where that can be stopped. */
  stopWait: ((reason: unknown) => void) | undefined;
  /** Whether it becomes ready in its own async context: a promise's reaction runs in that of who attached it. */
  #isHome = false;
  /** Takes the answer to what it yielded, one at a time. */
  #answers: Answers | undefined;
  /** Why it is being ended. Its `finally` may go on and yield promises; items do not count any more. */
  #end: { readonly reason: unknown } | undefined;

  constructor(
    generator: SyncGenerator,
    scheduler: Scheduler,
    priority: number,
    owner: RoutineOwner,
  ) {
    super();
    this.#generator = generator;
    this.#isNative = isNativeGenerator(generator);
    this.scheduler = scheduler;
    this.priority = priority;
    this.#owner = owner;
  }

  /** The task of a scope that it is. */
  get within(): object | undefined {
    return this.#owner.within;
  }

  get state(): RoutineState {
    return this.#state;
  }

  /** Queues its first step. */
  start(): void {
    this.#resume(this.#resumption);
  }

  step(isHome: boolean): boolean {
    if (isHome) return this.#run();
    return this.#context?.runInAsyncScope(runStep, undefined, this) ?? this.#run();
  }

  /** Ends it; only the first reason counts. */
  cancel(reason: unknown): void {
    if (this.#end || this.#state === "ended") return;
    this.#end = { reason };
    this.#interrupt({ how: "return", value: undefined }, reason);
  }

  /** Gives it a value where it waits for whoever takes its items. */
  answer(value: unknown): void {
    if (this.awaits) this.#resumeUnanswered({ how: "next", value });
  }

  /** Throws into it where it stands, waiting or not. Does nothing once it is being ended. */
  throw(error: unknown): void {
    if (this.#end || this.#state === "ended") return;
    this.#interrupt({ how: "throw", value: error }, error);
  }

  // What it waits for may have come already, a value of a channel or a permit, although it has not heard of it yet. It
  // gets that first: nobody else could give it back. So what can be stopped is stopped, and says what came of it.
  #interrupt(resumption: Resumption, reason: unknown): void {
    const isBeingStopped = this.#state === "waiting" && this.#afterwards !== undefined;
    if (this.#state === "running" || this.#isAnswered || isBeingStopped) {
      this.#afterwards = resumption;
    } else if (this.#state !== "waiting") this.#resumption = resumption;
    else if (!this.stopWait) this.#resumeUnanswered(resumption);
    else {
      this.#afterwards = resumption;
      this.stopWait(reason);
    }
  }

  /** Goes on although what it waits for has given no answer yet: that comes too late. */
  #resumeUnanswered(resumption: Resumption): void {
    if (this.#answers) this.#answers.isLate = true;
    this.#answers = undefined;
    this.#resume(resumption);
  }

  #resume(resumption: Resumption): void {
    this.waitsFor = this.stopWait = undefined;
    this.#resumption = resumption;
    this.#state = "ready";
    this.scheduler.ready(this, this.#isHome);
    this.#isHome = false;
  }

  #run(): boolean {
    this.#state = "running";
    const outcome = this.#advance();
    if (outcome === "waits") return false;
    if (outcome === "goes on") {
      this.#state = "ready";
      return true;
    }
    this.#state = "ended";
    const isCut = this.#end && outcome.ok;
    this.#owner.ended(isCut ? { ok: false, value: this.#end?.reason } : outcome);
    return false;
  }

  #advance(): Ending | "waits" | "goes on" {
    enter(this);
    try {
      do {
        const { done, value } = this.#next();
        if (done) return { ok: true, value };
        if (this.#pauses(value)) return "waits";
      } while (this.scheduler.isAlone);
      return "goes on";
    } catch (value) {
      return { ok: false, value };
    } finally {
      enter(undefined);
    }
  }

  #next(): IteratorResult<unknown, unknown> {
    const { how, value } = this.#resumption;
    this.#resumption = goOn;
    this.#isAnswered = false;
    return this.#isNative
      ? resumeGenerator(this.#generator, how, value)
      : this.#generator[how](value);
  }

  /** Takes what it yielded; true when it has to wait. */
  #pauses(value: unknown): boolean {
    if (this.#afterwards) {
      // Nobody will await it, and it may fail.
      if (isThenable(value)) Promise.resolve(value).catch(() => {});
      this.#resumption = this.#takeAfterwards() as Resumption;
      this.waitsFor = this.stopWait = undefined;
      return false;
    }
    if (isThenable(value)) {
      this.#await(value, true);
      return true;
    }
    if (this.#end) return false;
    try {
      const paused = this.#owner.emit?.(value);
      if (paused) this.#await(paused, false);
      return paused !== undefined;
    } catch (error) {
      this.cancel(error);
      return this.#pauses(undefined);
    }
  }

  /** Waits for a promise that it yielded, or for whoever takes its items. */
  #await(promise: PromiseLike<unknown>, isYielded: boolean): void {
    this.#state = "waiting";
    this.#isYielded = isYielded;
    const { onFulfilled, onRejected } = (this.#answers ??= new Answers(this));
    Promise.resolve(promise).then(onFulfilled, onRejected);
  }

  get awaits(): boolean {
    return this.#state === "waiting";
  }

  fulfilled(value: unknown): void {
    this.#isAnswered = this.#isYielded;
    this.#isHome = true;
    this.#resume({ how: "next", value });
  }

  rejected(error: unknown): void {
    if (!this.#isYielded) return this.cancel(error);
    this.#isHome = true;
    this.#resume(this.#afterFailure(error));
  }

  /** What it waited for failed: where it was stopped and only says so, what stopped it comes next. */
  #afterFailure(error: unknown): Resumption {
    const isStopped = this.#afterwards?.how === "throw" || isAbort(error, this.#end?.reason);
    return (isStopped && this.#takeAfterwards()) || { how: "throw", value: error };
  }

  #takeAfterwards(): Resumption | undefined {
    const afterwards = this.#afterwards;
    this.#afterwards = undefined;
    return afterwards;
  }
}
