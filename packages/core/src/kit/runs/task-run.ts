import type { Job, JobState } from "../../job.ts";
import type { RunOptions } from "../../run-options.ts";
import { isTask, type Task, type TaskFunction } from "../../task.ts";
import type { AbortRegistration } from "../waits/abort-hub.ts";
import type { Timer } from "../clock/clock.ts";
import type { ItemSink } from "./item-stream.ts";
import { joined, knowsCaller } from "../errors/join-stack.ts";
import { printed } from "../errors/printed.ts";
import type { WaitNode } from "../waits/wait-list.ts";

/** What an executor is asked to run: a task or, where it takes closures, any function. */
export type Runnable = Task<never, unknown> | TaskFunction;

/** How something ended. */
export type Ending =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly value: unknown };

/** The calls that make runs. */
export type RunMethod = "run" | "submit" | "map" | "stream" | "broadcast";

/** Whose a run is. */
export interface RunOwner {
  readonly name: string;
  /** Gives a run up. */
  abort(run: TaskRun, reason: unknown): void;
}

/** What is asked of an executor in one call. */
export interface RunRequest {
  readonly method: RunMethod;
  readonly task: Runnable;
  readonly input: unknown;
  /** For a stream. */
  readonly items?: ItemSink | undefined;
  /** Told once, synchronously, when the run is settled. */
  readonly onSettled?: ((ending: Ending) => void) | undefined;
}

/** Also for what turns out to be no task at all. */
export function taskName(task: unknown): string {
  if (typeof task !== "function") return printed(task);
  // A class may have a static member called `name`, of any type.
  return isTask(task) ? task.id : printed(task.name) || "anonymous";
}

const ignore = (): void => {};
/** What is asked of few runs. */
interface Notices {
  accepted?: PromiseWithResolvers<void>;
  ended?: PromiseWithResolvers<Ending>;
}

/** Counted over all executors: two of one name must not use an id twice, which a trace would mix up. */
let count = 0;

/** Takes so many numbers for runs that come later; gives the first. */
export function reserveNumbers(amount: number): number {
  count += amount;
  return count - amount + 1;
}

/**
 * One run of a task: what is known of it, and its one settlement. It is also the caller's `Job`.
 *
 * The caller and the function end apart: a cancelled run is settled at once, and ends when its function does.
 */
export class TaskRun implements Job<unknown> {
  readonly task: Runnable;
  readonly options: RunOptions;
  readonly priority: number;
  /** Makes its id, with the executor's name, where it has none of its own. */
  readonly number: number;
  attempt: number;
  /** Dropped when the function has ended, so that big inputs do not outlive their use. */
  input: unknown;
  /** Where the run itself stands. */
  phase: JobState = "waiting";
  /** Whether it came as far as the queue. */
  enqueued = false;
  /** Whether its engine has got it. */
  held = false;
  /** Whether its function runs; it may go on after the run was settled. */
  started = false;
  /**
   * When it came to where it stands, on its executor's clock. Not a small number at first: V8 makes another shape of
   * every object of which a field is one and becomes a double later.
   */
  since: number = Number.NaN;
  /** Where it runs, for the trace. */
  lane: string;
  /** What its engine keeps with it: a place in a queue, a slot of a worker. */
  place: unknown;

  // What few runs need is not there before it is set: thousands may wait.
  /** The job of another executor that does the work. */
  declare delegate?: Job<unknown> | undefined;
  /** What it reported last. */
  declare progress: unknown;
  /** Where the items go, when it is a stream. */
  declare readonly items?: ItemSink;
  /** Its place among those that wait for room in the queue. */
  declare admission?: WaitNode<TaskRun> | undefined;
  /** Puts it into the queue from there, in the caller's async context. */
  declare enter?: (() => void) | undefined;
  declare registration?: AbortRegistration;
  declare deadline?: Timer;
  declare timeout?: Timer | undefined;

  readonly #method: RunMethod;
  readonly #owner: RunOwner;
  readonly #onSettled: ((ending: Ending) => void) | undefined;
  #ending: Ending | undefined;
  #result: Promise<unknown> | undefined;
  #resolve: ((value: unknown) => void) | undefined;
  #reject: ((thrown: unknown) => void) | undefined;
  #isAccepted = false;
  #notices: Notices | undefined;
  #functionEnding: Ending | undefined;

  constructor(owner: RunOwner, request: RunRequest, options: RunOptions, number: number = ++count) {
    this.#owner = owner;
    this.#method = request.method;
    this.#onSettled = request.onSettled;
    this.lane = owner.name;
    this.task = request.task;
    this.input = request.input;
    if (request.items) this.items = request.items;
    this.options = options;
    this.number = number;
    this.priority = options.priority ?? 0;
    this.attempt = options.attempt ?? 1;
  }

  /** Waits for room in a full queue, where `run` would be refused. */
  get patient(): boolean {
    return this.#method !== "run" && this.#method !== "stream";
  }

  /** Its state must be exact at any time; otherwise an engine may learn of a start late. */
  get observed(): boolean {
    return this.#method === "submit";
  }

  /** The id the caller gave it. */
  get ownId(): string | undefined {
    return this.options.id;
  }

  get id(): string {
    return this.ownId ?? `${this.#owner.name}#${this.number}`;
  }

  get taskId(): string {
    return taskName(this.task);
  }

  get state(): JobState {
    if (this.phase !== "running" || !this.delegate) return this.phase;
    const { state } = this.delegate;
    return state === "waiting" || state === "queued" ? state : "running";
  }

  get settled(): boolean {
    return this.#ending !== undefined;
  }

  /** How it was settled; its function may end otherwise, and later. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  get result(): Promise<unknown> {
    if (!this.#result) {
      // Not `withResolvers`, whose object would be kept as well.
      this.#result = new Promise((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
      });
      if (this.#ending) this.#deliver(this.#ending);
    }
    return this.#result;
  }

  get accepted(): Promise<void> {
    const notices = (this.#notices ??= {});
    if (!notices.accepted) {
      notices.accepted = Promise.withResolvers();
      // It is only a notice; whoever ignores it hears of the failure through `result`.
      notices.accepted.promise.catch(ignore);
      this.#answerAccepted();
    }
    return notices.accepted.promise;
  }

  /** Resolves when the function has really ended, or will never start. */
  get ended(): Promise<Ending> {
    const notices = (this.#notices ??= {});
    notices.ended ??= Promise.withResolvers();
    if (this.#functionEnding) notices.ended.resolve(this.#functionEnding);
    return notices.ended.promise;
  }

  cancel(reason: unknown = new DOMException("The job was cancelled.", "AbortError")): void {
    this.#owner.abort(this, reason);
  }

  /** It is in the queue now. */
  accept(): void {
    if (this.phase !== "waiting") return;
    this.phase = "queued";
    this.#isAccepted = true;
    this.#answerAccepted();
  }

  /** Settles it, once; false when it was settled before. */
  settle(state: "completed" | "failed" | "cancelled", ending: Ending): boolean {
    if (this.#ending) return false;
    this.#ending = ending;
    this.phase = state;
    this.#answerAccepted();
    this.registration?.leave();
    this.deadline?.cancel();
    this.timeout?.cancel();
    if (this.#result) this.#deliver(ending);
    this.#onSettled?.(ending);
    return true;
  }

  /** Its function has ended, or never will start. */
  end(ending: Ending): void {
    this.started = false;
    this.input = undefined;
    this.#functionEnding = ending;
    this.#notices?.ended?.resolve(ending);
  }

  // Who has a result needed no queue, for example behind a policy that remembers results.
  #answerAccepted(): void {
    if (this.#isAccepted || this.#ending?.ok) this.#notices?.accepted?.resolve();
    else if (this.#ending) this.#notices?.accepted?.reject(this.#ending.value);
  }

  #deliver({ ok, value }: Ending): void {
    if (ok) this.#resolve?.(value);
    else if (knowsCaller(value)) this.#reject?.(value);
    else this.#resolve?.(joined(value));
    this.#resolve = this.#reject = undefined;
  }
}
