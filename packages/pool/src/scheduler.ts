import type { RunOptions, Task, Traits } from "@quintet/core";
import {
  type Clock,
  decodeThrown,
  type Engine,
  type EngineHost,
  type Runnable,
  type TaskRun,
} from "@quintet/core/kit";
import type { Assignment } from "./assignment.ts";
import { checkTask } from "./check-task.ts";
import { placeOf } from "./place.ts";
import { Report, type WorkerReport } from "./protocol.ts";
import { holdsAhead, Recall } from "./recall.ts";
import { RunQueue } from "./run-queue.ts";
import { pickAhead } from "./send-ahead.ts";
import type { SchedulerOptions } from "./scheduler-options.ts";
import { TaskNumbers } from "./task-numbers.ts";
import type { Transport, WorkerExit } from "./transport.ts";
import { WorkerHandle, type WorkerOwner } from "./worker-handle.ts";
import { afterLoss } from "./worker-loss.ts";
import { WorkerRoster } from "./worker-roster.ts";

/** How many runs a map keeps under way, for each worker there may be. */
const mapPerWorker = 16;

/** Decides which run goes to which worker, and what becomes of it when the worker is lost. */
export class Scheduler implements Engine, WorkerOwner {
  readonly traits: Traits;
  readonly mapConcurrency: number;
  restarts = 0;
  readonly #options: SchedulerOptions;
  readonly #transport: Transport;
  readonly #queue = new RunQueue();
  readonly #numbers = new TaskNumbers();
  #roster!: WorkerRoster;
  #recall!: Recall;
  #host!: EngineHost;

  constructor(transport: Transport, options: SchedulerOptions) {
    this.#transport = transport;
    this.#options = options;
    this.traits = transport.traits;
    this.mapConcurrency = mapPerWorker * options.workers.max;
  }

  get clock(): Clock {
    return this.#host.clock;
  }

  get workers(): number {
    return this.#roster.all.size;
  }

  attach(host: EngineHost): void {
    this.#host = host;
    const { workers, startTimeout } = this.#options;
    const connect = (): WorkerHandle => new WorkerHandle(this, this.#transport, startTimeout);
    this.#roster = new WorkerRoster(workers, host.clock, connect);
    this.#recall = new Recall(this.#roster, host.clock, (run) => this.#requeue(run, "moved"));
  }

  check(task: Runnable, options: RunOptions): void {
    checkTask(this.#host.name, this.traits, task, options);
  }

  room(running: number): number {
    return this.#options.workers.max - running;
  }

  enqueue(run: TaskRun): void {
    this.#queue.join(run);
    this.#recall.below(run.priority);
    this.#pump();
  }

  withdraw(run: TaskRun): boolean {
    if (this.#queue.leave(run)) return true;
    const { assignment } = placeOf(run);
    if (!assignment) return false;
    if (!this.#revoke(assignment)) {
      this.started(assignment);
      return false;
    }
    this.#afterTask(assignment.worker);
    return true;
  }

  stop(run: TaskRun, reason: unknown): void {
    const place = placeOf(run);
    const { assignment } = place;
    if (assignment?.grace) return;
    place.reason = reason;
    // It is on its way back to the queue, and ends there.
    if (!assignment) return;
    if (this.#revoke(assignment)) {
      this.#fail(run, reason);
      this.#afterTask(assignment.worker);
      return;
    }
    assignment.worker.cancel(assignment, reason);
    assignment.grace = this.clock.after(this.#options.grace, () => this.#overdue(assignment));
  }

  grant(run: TaskRun, credits: number): void {
    const { assignment } = placeOf(run);
    assignment?.worker.grant(assignment, credits);
  }

  *live(): Iterable<TaskRun> {
    yield* this.#queue;
    for (const worker of this.#roster.all) {
      for (const { run } of worker.assignments) yield run;
    }
  }

  ready(): Promise<void> {
    return this.#roster.ready();
  }

  shutdown(kill: boolean): Promise<void> {
    this.#recall.stop();
    return this.#roster.shutdown(kill);
  }

  up(worker: WorkerHandle): void {
    this.#roster.up();
    this.#afterTask(worker);
  }

  started({ run, worker }: Assignment): void {
    if (!run.started) this.#host.started(run, worker.label);
  }

  reported({ run, worker }: Assignment, report: WorkerReport): void {
    const place = placeOf(run);
    switch (report[0]) {
      case Report.item:
        place.delivered = true;
        if (!run.settled) run.items?.push(report[2]);
        return;
      case Report.progress:
        this.#host.progress(run, report[2]);
        return;
    }
    // It has left its slot: what comes for it now, a credit or a cancel, must not reach the next task there.
    place.assignment = undefined;
    if (report[0] === Report.done) this.#host.finished(run, { ok: true, value: report[3] });
    else if (report[0] === Report.cancelled) this.#fail(run, place.reason);
    else if (report[0] === Report.failed) this.#fail(run, decodeThrown(report[3], worker.label));
    this.#afterTask(worker);
  }

  unsendable({ run, worker }: Assignment, error: unknown): void {
    placeOf(run).assignment = undefined;
    this.#fail(run, error);
    this.#afterTask(worker);
  }

  exited(worker: WorkerHandle, exit: WorkerExit, wasUp: boolean): void {
    const held = worker.assignments.splice(0);
    if (held.length > 0) this.restarts++;
    for (const { run, grace } of held) {
      grace?.cancel();
      placeOf(run).assignment = undefined;
    }
    const startError = this.#roster.gone(worker, exit, wasUp);
    // From the last: each goes back to the front of the queue.
    for (const assignment of held.toReversed()) {
      const fate = afterLoss(assignment, exit);
      if (typeof fate === "string") this.#requeue(assignment.run, fate);
      else this.#fail(assignment.run, fate.thrown);
    }
    // What comes while they hear of it waits for the next attempts.
    if (startError) for (const run of this.#queue.takeAll()) this.#fail(run, startError());
    this.#pump();
  }

  /** Its grace period is over: its worker is ended, and takes nobody with it. */
  #overdue({ run, worker }: Assignment): void {
    this.#recall.from([worker]);
    // Where the next one has started, this one has ended, and its report is on its way.
    if (!holdsAhead(worker)) {
      placeOf(run).killed = true;
      worker.kill();
    }
    this.#pump();
  }

  /** Takes a run back that has not started; false when it has. */
  #revoke(assignment: Assignment): boolean {
    if (!assignment.worker.revoke(assignment)) return false;
    placeOf(assignment.run).assignment = undefined;
    return true;
  }

  // Whoever hears that it moves may cancel it, and it is nowhere just then.
  #requeue(run: TaskRun, why: "retried" | "moved"): void {
    if (!run.settled) this.#host.requeued(run, why);
    if (run.settled) this.#fail(run, placeOf(run).reason);
    else this.#queue.rejoin(run);
  }

  #fail(run: TaskRun, value: unknown): void {
    this.#host.finished(run, { ok: false, value });
  }

  /** A worker is up, or has one task less. */
  #afterTask(worker: WorkerHandle): void {
    worker.begin();
    if (worker.state === "up" && worker.assignments.length === 0) {
      if (worker.given >= this.#options.tasksPerWorker) this.#roster.dismiss(worker);
      else {
        this.#roster.rest(worker);
        // Others may hold tasks that this one could run now.
        if (this.#queue.size === 0) this.#recall.all();
      }
    }
    this.#look();
  }

  /** Nothing sent ahead waits behind a long task while others could run it. */
  #look(): void {
    this.#recall.fromStuck();
    this.#pump();
  }

  #pump(): void {
    while (this.#queue.size > 0) {
      const worker = this.#roster.wake() ?? this.#ahead(this.#queue.peek() as TaskRun);
      if (!worker) break;
      this.#assign(worker);
    }
    this.#roster.demand(this.#queue.size);
    this.#recall.watch(() => this.#look());
  }

  #assign(worker: WorkerHandle): void {
    const run = this.#queue.take() as TaskRun;
    const task = this.#numbers.of(run.task as Task<never, unknown>);
    placeOf(run).assignment = worker.assign(run, task);
    worker.begin();
  }

  /** A busy worker that can be sent this run ahead; what moves its buffers must not have to move again. */
  #ahead(run: TaskRun): WorkerHandle | undefined {
    if (run.options.transfer) return undefined;
    return pickAhead(this.#roster.all, this.#options.tasksPerWorker, this.clock.now());
  }
}
