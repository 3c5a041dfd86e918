import type { LiveTask } from "../../live-task.ts";
import { isMoved } from "../../moved.ts";
import type { TaskOutput } from "../../run-options.ts";
import type { Stats } from "../../stats.ts";
import { onAbort } from "../waits/abort-hub.ts";
import { keepContext } from "../async-context.ts";
import { checkRunnable } from "./check-runnable.ts";
import { checkedOptions, type LaunchRequest, noOptions } from "./checked-options.ts";
import type { Clock } from "../clock/clock.ts";
import type { DeskFor, Engine, EngineHost } from "./engine.ts";
import { liveTasks } from "./live-tasks.ts";
import { closed, late, overtime, queueFull, unkeyed } from "../errors/refusals.ts";
import { type BatchOwner, type BatchRequest, RunBatch } from "./run-batch.ts";
import { Tally } from "./tally.ts";
import { type Ending, TaskRun } from "./task-run.ts";
import { isTraced } from "./trace.ts";
import { WaitList } from "../waits/wait-list.ts";

/** Admits runs to an engine, bounds their time, and settles, counts and traces each exactly once. */
export class Dispatcher implements EngineHost, BatchOwner {
  readonly name: string;
  readonly clock: Clock;
  readonly deskFor: DeskFor;
  readonly #engine: Engine;
  readonly #maxQueue: number;
  readonly #tally: Tally;
  /** Submitted while the queue was full. */
  readonly #admission = new WaitList<TaskRun>();
  readonly #idle: PromiseWithResolvers<void> = Promise.withResolvers();
  #closing = false;
  #admitting = false;

  constructor(name: string, engine: Engine, maxQueue: number, clock: Clock, deskFor: DeskFor) {
    this.name = name;
    this.clock = clock;
    this.deskFor = deskFor;
    this.#engine = engine;
    this.#maxQueue = maxQueue;
    this.#tally = new Tally(name, clock, engine.delegate !== undefined);
    engine.attach(this);
  }

  stats(): Stats {
    const { workers, restarts } = this.#engine;
    return { waiting: this.#admission.size, ...this.#tally.counts(), workers, restarts };
  }

  tasks(): LiveTask[] {
    const held = this.#engine.list?.() ?? this.#engine.live();
    return liveTasks(this.name, [...held, ...this.#admission], this.clock);
  }

  /** Never throws: what is wrong with a call rejects its run. */
  launch(request: LaunchRequest): TaskRun {
    let run: TaskRun;
    try {
      checkRunnable(request.method, request.task);
      const options = checkedOptions(this.name, this.#engine, request);
      this.#engine.check(request.task, options);
      if (options.key !== undefined && !this.#engine.traits.keyed) throw unkeyed(this.name);
      run = new TaskRun(this, request, options);
    } catch (error) {
      run = new TaskRun(this, request, noOptions);
      this.#giveUp(run, error, "failed");
      return run;
    }
    this.#submit(run);
    return run;
  }

  /** Launches runs of a map in one go, where nobody has to tell them apart; nothing where that is not possible. */
  launchBatch(request: BatchRequest): RunBatch | undefined {
    const { timeout, retries, names } = request.options;
    if (timeout !== undefined || retries !== undefined || names || isTraced()) return undefined;
    if (this.#closing || this.#maxQueue !== Infinity || !this.#engine.enqueueBatch)
      return undefined;
    try {
      checkRunnable("map", request.task);
      this.#engine.check(request.task, request.options);
    } catch {
      return undefined; // each run tells of it by itself
    }
    const batch = new RunBatch(this, request, this.clock.now());
    this.#tally.queuedBatch(batch.inputs.length);
    if (this.#engine.enqueueBatch(batch)) return batch;
    this.#tally.queuedBatch(-batch.inputs.length);
    return undefined;
  }

  completed({ since }: RunBatch, started: number, durations: Float64Array): void {
    this.#tally.completedOfBatch(started - since, durations);
    this.#checkIdle();
  }

  /** Takes nothing new; resolves when everything accepted has ended, or was abandoned. */
  drain(): Promise<void> {
    this.#closing = true;
    for (let run = this.#admission.take(); run; run = this.#admission.take()) {
      this.#giveUp(run, closed(this.name));
    }
    // What waits for room in the queue of the executor that does the work.
    for (const run of this.#engine.delegate ? [...this.#engine.live()] : []) {
      const isOutside = run.phase === "waiting" && run.delegate?.state === "waiting";
      if (isOutside) this.abort(run, closed(this.name));
    }
    this.#checkIdle();
    return this.#idle.promise;
  }

  /** Stops waiting for functions that do not end. */
  abandon(): void {
    this.#idle.resolve();
  }

  cancelAll(): void {
    for (const run of [...this.#engine.live()]) this.abort(run, closed(this.name));
  }

  accepted(run: TaskRun): void {
    run.accept();
  }

  started(run: TaskRun, lane: string, time: number = this.#tally.now): void {
    run.started = true;
    run.lane = lane;
    this.#tally.started(run, time);
    run.since = time;
    if (!run.settled) {
      run.phase = "running";
      const { timeout = Infinity } = run.options;
      const expire = (): void => this.abort(run, overtime(run.taskId, timeout));
      if (timeout < Infinity && !this.#engine.delegate)
        run.timeout = this.clock.after(timeout, expire);
    }
    this.#admit();
  }

  progress(run: TaskRun, value: unknown): void {
    if (run.settled) return;
    run.progress = value;
    this.#tally.tell("progress", run);
    try {
      run.options.onProgress?.(value);
    } catch (error) {
      this.abort(run, error);
    }
  }

  output(run: TaskRun, output: TaskOutput): void {
    if (run.settled) return;
    try {
      run.options.onOutput?.(output);
    } catch (error) {
      this.abort(run, error);
    }
  }

  requeued(run: TaskRun, why: "retried" | "moved"): void {
    run.timeout?.cancel();
    run.timeout = undefined;
    this.#tally.requeued(run, why);
    // One that had not started has waited all the time.
    if (run.started) run.since = this.#tally.now;
    run.started = false;
    run.lane = this.name;
    if (!run.settled) run.phase = "queued";
  }

  finished(run: TaskRun, end: Ending, duration: number = this.#tally.now - run.since): void {
    const ending = end.ok && isMoved(end.value) ? { ok: true, value: end.value.value } : end;
    const settled = run.settle(ending.ok ? "completed" : "failed", ending);
    this.#tally.ended(run, settled, duration);
    run.end(ending);
    this.#admit();
    this.#checkIdle();
  }

  abort(run: TaskRun, reason: unknown): void {
    // Settled first: withdrawing may let another task start, which may abort this one again.
    const ending: Ending = { ok: false, value: reason };
    if (!run.settle("cancelled", ending)) return;
    if (run.admission) this.#admission.leave(run.admission);
    else if (run.held && (run.started || !this.#engine.withdraw(run, reason))) {
      this.#tally.tell("aborted", run);
      this.#engine.stop(run, reason);
      return;
    }
    this.#tally.givenUp(run);
    run.end(ending);
    this.#admit();
    this.#checkIdle();
  }

  #submit(run: TaskRun): void {
    const { signal, deadline } = run.options;
    if (this.#closing) return this.#giveUp(run, closed(this.name), "failed");
    if (signal?.aborted) return this.#giveUp(run, signal.reason);
    const due = deadline === undefined ? Infinity : Number(deadline);
    const left = due === Infinity ? Infinity : due - this.clock.date();
    if (left <= 0) return this.#giveUp(run, late(run.taskId, due));
    const full = this.#admission.size > 0 || !this.#hasRoom();
    if (full && !run.patient)
      return this.#giveUp(run, queueFull(this.name, this.#maxQueue), "failed");
    if (signal) run.registration = onAbort(signal, (reason) => this.abort(run, reason));
    if (left < Infinity)
      run.deadline = this.clock.after(left, () => this.abort(run, late(run.taskId, due)));
    if (!full) return this.#enqueue(run);
    run.since = this.#tally.now;
    run.admission = this.#admission.join(run, run.priority);
    run.enter = keepContext(() => this.#enqueue(run));
  }

  #enqueue(run: TaskRun): void {
    if (run.admission) run.admission = run.enter = undefined;
    run.enqueued = true;
    run.since = this.#tally.now;
    if (!this.#engine.delegate) run.accept();
    this.#tally.queued(run);
    if (run.settled) return; // who listens to the trace may have aborted it
    run.held = true;
    this.#engine.enqueue(run);
  }

  #hasRoom(): boolean {
    if (this.#maxQueue === Infinity) return true;
    return this.#tally.waiting < this.#maxQueue + this.#engine.room(this.#tally.running);
  }

  /** Lets waiting runs into the queue while it has room; one that ends at once does not start a further loop. */
  #admit(): void {
    if (this.#admitting) return;
    this.#admitting = true;
    while (this.#admission.size > 0 && this.#hasRoom()) this.#admission.take()?.enter?.();
    this.#admitting = false;
  }

  /** Settles a run whose function will never start. */
  #giveUp(run: TaskRun, reason: unknown, state: "cancelled" | "failed" = "cancelled"): void {
    const ending: Ending = { ok: false, value: reason };
    run.settle(state, ending);
    this.#tally.givenUp(run);
    run.end(ending);
  }

  #checkIdle(): void {
    if (this.#closing && this.#tally.live === 0 && this.#admission.size === 0) this.#idle.resolve();
  }
}
