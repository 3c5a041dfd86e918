import { ClosedError, TasksLeakedError } from "@quintet/core";
import { type Ending, type Timer, WaitList } from "@quintet/core/kit";
import { abortError, isAbortOf } from "./abort-error.ts";
import { AbortScope } from "./abort-scope.ts";
import { ChildTask } from "./child-task.ts";
import { type Bounds, GroupBounds } from "./group-bounds.ts";
import type { GroupCall, GroupTask } from "./group-task.ts";
import { liveNames } from "./inspect-group.ts";
import { suppress } from "./suppressed.ts";

/** Options of a group, checked and with what it inherits. */
export interface GroupSettings extends Bounds {
  readonly limit: number;
  readonly grace: number;
  readonly supervise: ((error: unknown, task: GroupTask<unknown>) => void) | undefined;
}

/** Starts the tasks of one group, aborts them, and brings all of them to an end. */
export class Group extends AbortScope {
  readonly settings: GroupSettings;
  readonly #bounds: GroupBounds;
  /** The tasks that have not ended, in the order in which they were spawned. */
  readonly live: Set<ChildTask> = new Set();
  readonly #waiting = new WaitList<ChildTask>();
  readonly #finalizers: (() => unknown)[] = [];
  readonly #idle: PromiseWithResolvers<void> = Promise.withResolvers();
  /** What went wrong, the first first. */
  readonly #failures: unknown[] = [];
  #body: ChildTask | undefined;
  /** Tasks that hold a slot; the body takes none. */
  #running = 0;
  #isPumping = false;
  /** Tasks and groups within that have not ended. */
  #holds = 0;
  #hasEnded = false;
  #leaked: TasksLeakedError | undefined;
  #grace: Timer | undefined;

  constructor(settings: GroupSettings) {
    super();
    this.settings = settings;
    this.#bounds = new GroupBounds(settings);
  }

  get name(): string {
    return this.settings.name;
  }

  get deadline(): number {
    return this.settings.deadline;
  }

  get group(): Group {
    return this;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether a task that is added now would start at once. */
  get hasRoom(): boolean {
    return this.#running < this.settings.limit && this.#waiting.size === 0;
  }

  /** Runs the body, and all that is added meanwhile, to the end. */
  async run<Result>(call: GroupCall<Result>): Promise<Result> {
    this.#bounds.enter(this);
    const body = new ChildTask(this, "body", call);
    this.#body = body;
    this.#join(body);
    void body.run();
    await this.#idle.promise;
    await this.#finalize();
    this.#grace?.cancel();
    this.#bounds.leave(this);
    this.#judge();
    return body.result;
  }

  /** Starts a task or lets it wait for a slot. In an aborted group it is cancelled without being called. */
  add(task: ChildTask): void {
    this.checkOpen("spawn");
    if (this.cancelled) {
      task.abort(this.reason);
      return task.settle("cancelled", { ok: false, value: this.reason });
    }
    const hasRoom = this.hasRoom || task.options.isShielded;
    this.#join(task);
    if (!hasRoom) return task.wait(this.#waiting.join(task));
    if (!task.options.isShielded) this.#running++;
    void task.run();
  }

  /** *Errors*: `CLOSED`. */
  checkOpen(method: string): void {
    if (!this.#hasEnded) return;
    throw new ClosedError(`${method}(): ${this.settings.name} has ended, with all of its tasks.`);
  }

  addFinalizer(call: () => unknown): void {
    this.#finalizers.push(call);
  }

  /** A group within begins. */
  hold(): void {
    this.#holds++;
  }

  /** A group within, or a task, has ended. */
  release(): void {
    if (--this.#holds > 0 || this.#hasEnded) return;
    this.#hasEnded = true;
    this.#idle.resolve();
  }

  /** A task's function has ended. Of one that the group has given up nobody wants to know. */
  ended(task: ChildTask, ending: Ending): void {
    if (task.hasEnded) return;
    const { ok, value } = ending;
    const isAbort = !ok && task.cancelled && isAbortOf(task.reason, value);
    if (task !== this.#body && !task.options.isShielded) this.#running--;
    if (ok) task.settle("completed", ending);
    else if (isAbort) task.settle("cancelled", { ok: false, value: task.reason });
    else {
      task.settle("failed", ending);
      this.#taskFailed(task, value);
    }
    this.#drop(task);
    this.#pump();
  }

  /** A task that waited for a slot was aborted. */
  withdraw(task: ChildTask): void {
    if (!task.place || !this.#waiting.leave(task.place)) return;
    task.settle("cancelled", { ok: false, value: task.reason });
    this.#drop(task);
  }

  /** Aborts it from outside. */
  interrupt(reason: unknown): void {
    this.#bounds.interrupt(reason);
    this.abort(reason);
  }

  override abort(reason: unknown): boolean {
    if (!super.abort(reason)) return false;
    for (const task of [...this.live]) task.abort(reason);
    const { grace, clock } = this.settings;
    if (grace < Infinity) this.#grace = clock.after(grace, () => this.#giveUp());
    return true;
  }

  #join(task: ChildTask): void {
    this.live.add(task);
    this.hold();
  }

  #drop(task: ChildTask): void {
    this.live.delete(task);
    // The group looks after what a task leaves behind.
    for (const group of task.groups) this.groups.add(group);
    this.release();
  }

  // A loop, because a task that throws at once would start the next one from within its own start.
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#running < this.settings.limit) {
      const task = this.#waiting.take();
      if (!task) break;
      this.#running++;
      void task.run();
    }
    this.#isPumping = false;
  }

  #taskFailed(task: ChildTask, error: unknown): void {
    const { supervise } = this.settings;
    if (task.options.onFailed?.(error)) return;
    if (task === this.#body || !supervise) return this.#fail(error);
    try {
      supervise(error, task);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(error: unknown): void {
    this.#note(error);
    this.abort(abortError(`Another task of ${this.settings.name} failed.`, error));
  }

  /** A task that waited for another fails with the same error, which is one error. */
  #note(error: unknown): void {
    if (!this.#failures.includes(error)) this.#failures.push(error);
  }

  /** Those that were aborted `grace` ago and go on are named, and not waited for. */
  #giveUp(): void {
    if (this.#hasEnded) return;
    const { name, grace } = this.settings;
    const names = liveNames(this);
    const listed = names.map((each) => JSON.stringify(each)).join(", ");
    const message = `Aborted, but not ended after ${grace} ms: ${listed} of ${name}. Pass the signal on to what they wait for.`;
    this.#leaked = new TasksLeakedError(message, names, this.#cause() ?? { cause: this.reason });
    this.#hasEnded = true;
    for (const task of this.live) task.settle("cancelled", { ok: false, value: this.#leaked });
    this.#idle.resolve();
  }

  async #finalize(): Promise<void> {
    for (let call = this.#finalizers.pop(); call; call = this.#finalizers.pop()) {
      try {
        await call();
      } catch (error) {
        this.#note(error);
      }
    }
  }

  /** Why it fails, if it does: an error of its own comes before what ended it from outside. */
  #cause(): { readonly cause: unknown } | undefined {
    if (this.#failures.length > 0) return { cause: this.#failures[0] };
    const { end } = this.#bounds;
    return end && { cause: end.reason };
  }

  #judge(): void {
    const end = this.#leaked ? { cause: this.#leaked } : this.#cause();
    if (!end) return;
    suppress(end.cause, this.#failures.slice(1));
    throw end.cause;
  }
}
