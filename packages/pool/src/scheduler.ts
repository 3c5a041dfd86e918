import { type RunOptions, type Task, type Traits } from "@quintet/core";
import {
  type Clock,
  decodeThrown,
  type Ending,
  type Engine,
  type EngineHost,
  isTraced,
  type Runnable,
  type TaskRun,
  WaitList,
} from "@quintet/core/kit";
import { checkTask } from "./check-task.ts";
import { type Place, placeOf } from "./place.ts";
import { Report, type WorkerReport } from "./protocol.ts";
import { isPassedBy, isStuck, pickAhead } from "./send-ahead.ts";
import type { SchedulerOptions } from "./scheduler-options.ts";
import { TaskNumbers } from "./task-numbers.ts";
import type { Transport, WorkerExit } from "./transport.ts";
import { type Assignment, WorkerHandle, type WorkerOwner } from "./worker-handle.ts";
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
  readonly #queue = new WaitList<TaskRun>();
  readonly #numbers = new TaskNumbers();
  #roster!: WorkerRoster;
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
  }

  check(task: Runnable, options: RunOptions): void {
    checkTask(this.#host.name, this.traits, task, options);
  }

  room(running: number): number {
    return this.#options.workers.max - running;
  }

  enqueue(run: TaskRun): void {
    const node = this.#queue.join(run, run.priority);
    run.place = {
      node,
      assignment: undefined,
      retries: 0,
      moves: 0,
      reason: undefined,
      delivered: false,
    } satisfies Place;
    for (const worker of this.#roster.all) {
      if (isPassedBy(worker, run.priority)) this.#recall(worker);
    }
    this.#pump();
  }

  withdraw(run: TaskRun): boolean {
    const { node, assignment } = placeOf(run);
    if (node) return this.#queue.leave(node);
    if (assignment?.worker.revoke(assignment)) {
      this.#afterTask(assignment.worker);
      return true;
    }
    if (assignment) this.started(assignment);
    return false;
  }

  stop(run: TaskRun, reason: unknown): void {
    const { assignment } = placeOf(run);
    if (!assignment) return;
    const { worker } = assignment;
    if (worker.revoke(assignment)) {
      this.#host.finished(run, { ok: false, value: reason });
      this.#afterTask(worker);
      return;
    }
    placeOf(run).reason = reason;
    worker.cancel(assignment, reason);
    assignment.grace = this.clock.after(this.#options.grace, () => {
      this.#recall(worker);
      worker.kill();
      this.#pump();
    });
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
    switch (report[0]) {
      case Report.item:
        placeOf(run).delivered = true;
        if (!run.settled) run.items?.push(report[2]);
        return;
      case Report.progress:
        this.#host.progress(run, report[2]);
        return;
      case Report.done:
        this.#host.finished(run, { ok: true, value: report[3] });
        break;
      case Report.cancelled:
        this.#host.finished(run, { ok: false, value: placeOf(run).reason });
        break;
      case Report.failed:
        this.#host.finished(run, { ok: false, value: decodeThrown(report[3], worker.label) });
        break;
    }
    this.#afterTask(worker);
  }

  unsendable({ run, worker }: Assignment, error: unknown): void {
    this.#host.finished(run, { ok: false, value: error });
    this.#afterTask(worker);
  }

  exited(worker: WorkerHandle, exit: WorkerExit, wasUp: boolean): void {
    const held = worker.assignments.splice(0);
    if (held.length > 0) this.restarts++;
    // From the last: each goes back to the front of the queue.
    for (const assignment of held.toReversed()) {
      assignment.grace?.cancel();
      const fate = afterLoss(assignment, exit);
      if (fate instanceof Error) this.#fail(assignment.run, fate);
      else this.#requeue(assignment.run, fate);
    }
    const startError = this.#roster.gone(worker, exit, wasUp);
    if (startError) this.#rejectQueue(startError);
    this.#pump();
  }

  #requeue(run: TaskRun, why: "retried" | "moved"): void {
    const place = placeOf(run);
    place.assignment = undefined;
    place.node = this.#queue.join(run, run.priority, true);
    this.#host.requeued(run, why);
  }

  #fail(run: TaskRun, value: unknown): void {
    this.#host.finished(run, { ok: false, value } satisfies Ending);
  }

  /** Every waiting task gets an error of its own. */
  #rejectQueue(error: Error): void {
    const { constructor, message, cause } = error;
    const copy = constructor as new (message: string, options?: ErrorOptions) => Error;
    for (let run = this.#queue.take(); run; run = this.#queue.take()) {
      this.#fail(run, new copy(message, { cause }));
    }
  }

  /** Takes back what a worker was sent ahead, the last first. */
  #recall(worker: WorkerHandle): void {
    for (const assignment of worker.assignments.slice(1).toReversed()) {
      if (worker.revoke(assignment)) this.#requeue(assignment.run, "moved");
    }
  }

  /** A worker is up, or has one task less. */
  #afterTask(worker: WorkerHandle): void {
    if (worker.state === "up" && worker.assignments.length === 0) {
      if (worker.given >= this.#options.tasksPerWorker) this.#roster.dismiss(worker);
      else this.#roster.rest(worker);
      // Others may hold tasks that this one could run now.
      if (this.#queue.size === 0) for (const other of this.#roster.all) this.#recall(other);
    }
    for (const other of this.#roster.all) if (isStuck(other, this.clock.now())) this.#recall(other);
    this.#pump();
  }

  #pump(): void {
    while (this.#queue.size > 0) {
      const worker = this.#roster.wake() ?? this.#ahead(this.#queue.peek() as TaskRun);
      if (!worker) break;
      this.#assign(worker);
    }
    this.#roster.demand(this.#queue.size);
  }

  #assign(worker: WorkerHandle): void {
    const run = this.#queue.take() as TaskRun;
    const place = placeOf(run);
    place.node = undefined;
    const tellsStart = run.observed || run.options.timeout !== undefined || isTraced();
    place.assignment = worker.assign(
      run,
      this.#numbers.of(run.task as Task<never, unknown>),
      tellsStart,
    );
    worker.begin();
  }

  /** A busy worker that can be sent this run ahead; what moves its buffers must not have to move again. */
  #ahead(run: TaskRun): WorkerHandle | undefined {
    if (run.options.transfer) return undefined;
    return pickAhead(this.#roster.all, this.#options.tasksPerWorker, this.clock.now());
  }
}
