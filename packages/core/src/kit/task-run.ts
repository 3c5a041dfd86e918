import type { Job, JobState } from "../job.ts";
import type { RunOptions } from "../run-options.ts";
import { isTask, type Task, type TaskFunction } from "../task.ts";
import type { AbortRegistration } from "./abort-hub.ts";
import type { Timer } from "./clock.ts";
import type { ItemSink } from "./item-stream.ts";
import { joinStack, knowsCaller } from "./join-stack.ts";
import { printed } from "./printed.ts";
import type { WaitNode } from "./wait-list.ts";

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

/** Counted over all executors: two of one name must not use an id twice, which a trace would mix up. */
let count = 0;

/** Takes so many numbers for runs that come later; gives the first. */
export function reserveNumbers(amount: number): number {
  count += amount;
  return count - amount + 1;
}

/**
 * Rejects with an error that names who awaits it. Only an error takes this way round: a handler on every result
 * would make a promise more for each. It is rejected later, when V8 can follow it to those who await.
 */
function joined(thrown: unknown): Promise<never> {
  const later = Promise.withResolvers<never>();
  void Promise.resolve().then(() => later.reject(thrown));
  return later.promise.then(undefined, joinStack);
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
  /** Waits for room in a full queue, where `run` would be refused. */
  readonly patient: boolean;
  /** Its state must be exact at any time; otherwise an engine may learn of a start late. */
  readonly observed: boolean;
  /** The id the caller gave it. */
  readonly ownId: string | undefined;
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
  /** The job of another executor that does the work. */
  delegate: Job<unknown> | undefined;
  /**
   * When it came to where it stands, on its executor's clock. Not a small number at first: V8 makes another shape of
   * every object of which a field is one and becomes a double later.
   */
  since: number = Number.NaN;
  progress: unknown;
  /** Where it runs, for the trace. */
  lane: string;
  /** Where the items go, when it is a stream. */
  readonly items: ItemSink | undefined;
  /** Its place among those that wait for room in the queue. */
  admission: WaitNode<TaskRun> | undefined;
  /** Puts it into the queue from there, in the caller's async context. */
  enter: (() => void) | undefined;
  /** What its engine keeps with it: a place in a queue, a slot of a worker. */
  place: unknown;

  registration: AbortRegistration | undefined;
  deadline: Timer | undefined;
  timeout: Timer | undefined;

  readonly #owner: RunOwner;
  readonly #onSettled: ((ending: Ending) => void) | undefined;
  #ending: Ending | undefined;
  #result: PromiseWithResolvers<unknown> | undefined;
  #accepted: PromiseWithResolvers<void> | undefined;
  #isAccepted = false;
  #ended: PromiseWithResolvers<Ending> | undefined;
  #functionEnding: Ending | undefined;

  constructor(owner: RunOwner, request: RunRequest, options: RunOptions, number: number = ++count) {
    const { method } = request;
    this.#owner = owner;
    this.#onSettled = request.onSettled;
    this.lane = owner.name;
    this.task = request.task;
    this.input = request.input;
    this.items = request.items;
    this.observed = method === "submit";
    this.patient = method !== "run" && method !== "stream";
    this.options = options;
    this.number = number;
    this.ownId = options.id;
    this.priority = options.priority ?? 0;
    this.attempt = options.attempt ?? 1;
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
      this.#result = Promise.withResolvers();
      if (this.#ending) this.#deliver(this.#ending);
    }
    return this.#result.promise;
  }

  get accepted(): Promise<void> {
    if (!this.#accepted) {
      this.#accepted = Promise.withResolvers();
      // It is only a notice; whoever ignores it hears of the failure through `result`.
      this.#accepted.promise.catch(ignore);
      this.#answerAccepted();
    }
    return this.#accepted.promise;
  }

  /** Resolves when the function has really ended, or will never start. */
  get ended(): Promise<Ending> {
    this.#ended ??= Promise.withResolvers();
    if (this.#functionEnding) this.#ended.resolve(this.#functionEnding);
    return this.#ended.promise;
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
    this.registration = this.deadline = this.timeout = undefined;
    if (this.#result) this.#deliver(ending);
    this.#onSettled?.(ending);
    return true;
  }

  /** Its function has ended, or never will start. */
  end(ending: Ending): void {
    this.started = false;
    this.input = undefined;
    this.#functionEnding = ending;
    this.#ended?.resolve(ending);
  }

  // Who has a result needed no queue, for example behind a policy that remembers results.
  #answerAccepted(): void {
    if (this.#isAccepted || this.#ending?.ok) this.#accepted?.resolve();
    else if (this.#ending) this.#accepted?.reject(this.#ending.value);
  }

  #deliver({ ok, value }: Ending): void {
    if (ok) this.#result?.resolve(value);
    else if (knowsCaller(value)) this.#result?.reject(value);
    else this.#result?.resolve(joined(value));
  }
}
