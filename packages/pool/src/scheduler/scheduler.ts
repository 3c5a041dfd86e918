import type { RunOptions, TaskOutput, Traits } from "@quintet/core";
import {
  checkStores,
  checkTask,
  type Clock,
  type DeskFor,
  type Ending,
  type Engine,
  type EngineHost,
  type ListedRun,
  readStores,
  type RunBatch,
  type Runnable,
  type TaskRun,
} from "@quintet/core/kit";
import { Assigner } from "./assigner.ts";
import { Losses } from "./losses.ts";
import { placeOf } from "../worker-handle/place.ts";
import { RunQueue } from "./run-queue.ts";
import { window } from "./send-ahead.ts";
import type { SchedulerOptions } from "./scheduler-options.ts";
import type { Transport, WorkerExit } from "../transport/transport.ts";
import { TearDownFailures } from "./tear-down-failures.ts";
import { dueAfter } from "./turnover.ts";
import { setUpOrder } from "../executor/upkeep-options.ts";
import { WorkerHandle, type WorkerOwner } from "../worker-handle/worker-handle.ts";
import { WorkerRoster } from "./worker-roster.ts";

/** How many runs a map keeps under way, for each worker there may be. */
const mapPerWorker = 16;

/** Decides which run goes to which worker, and what becomes of it when the worker is lost. */
export class Scheduler implements Engine, WorkerOwner {
  readonly traits: Traits;
  readonly carries: boolean;
  readonly travels: Engine["travels"];
  readonly #options: SchedulerOptions;
  readonly #transport: Transport;
  readonly #queue = new RunQueue();
  readonly #failures = new TearDownFailures();
  #roster!: WorkerRoster;
  #assigner!: Assigner;
  #losses!: Losses;
  #host!: EngineHost;

  constructor(transport: Transport, options: SchedulerOptions) {
    this.#transport = transport;
    this.#options = options;
    this.traits = transport.traits;
    this.travels = transport.travels;
    this.carries = options.carry.length > 0;
  }

  /** Twice what the workers may hold, so that each finds more when it has done with that. */
  get mapConcurrency(): number {
    const { max } = this.#options.workers;
    const held = [...this.#roster.all].reduce((sum, worker) => sum + window(worker), 0);
    return Math.max(mapPerWorker * max, 2 * held);
  }

  get clock(): Clock {
    return this.#host.clock;
  }

  get name(): string {
    return this.#host.name;
  }

  /** Those that can be given tasks. */
  get upWorkers(): WorkerHandle[] {
    return [...this.#roster.all].filter(({ state }) => state === "up");
  }

  get restarts(): number {
    return this.#losses.restarts;
  }

  get workers(): number {
    return this.#roster.all.size;
  }

  attach(host: EngineHost): void {
    this.#host = host;
    const { workers, startTimeout, grace, tasksPerWorker, upkeep } = this.#options;
    const due = dueAfter(tasksPerWorker, workers.max);
    const setUp = setUpOrder(host.name, upkeep);
    const terms = { startTimeout, grace, quota: tasksPerWorker, due, setUp };
    const connect = (): WorkerHandle => new WorkerHandle(this, this.#transport, terms);
    this.#roster = new WorkerRoster(workers, host.clock, connect, () => this.#assigner.pump());
    const requeue = (run: TaskRun): void => this.#losses.requeue(run, "moved");
    this.#assigner = new Assigner(this.#queue, this.#roster, this.#options, host.clock, requeue);
    this.#losses = new Losses(this.#queue, this.#roster, this.#assigner, host);
  }

  check(task: Runnable, options: RunOptions): void {
    checkTask(this.#host.name, this.traits, task, options);
    if (this.carries) checkStores(this.#host.name, this.#options.carry);
  }

  room(running: number): number {
    return this.#options.workers.max - running;
  }

  enqueue(run: TaskRun): void {
    this.#queue.join(run);
    if (this.carries) placeOf(run).carried = readStores(this.#options.carry);
    this.#assigner.joined(run.priority);
  }

  enqueueBatch(batch: RunBatch): boolean {
    if (this.carries) return false;
    this.#queue.joinBatch(batch);
    this.#assigner.joined(batch.priority);
    return true;
  }

  dissolve(batch: RunBatch): void {
    this.#queue.dissolve(batch);
    for (const { lane } of this.#roster.all) lane.promoteAll(batch);
  }

  promote(batch: RunBatch, offset: number): TaskRun {
    return this.#queue.promote(batch, offset);
  }

  withdraw(run: TaskRun): boolean {
    if (this.#queue.leave(run)) return true;
    const { worker } = placeOf(run);
    if (!worker) return false;
    if (!worker.sender.revoke(run)) {
      const { position } = placeOf(run);
      if (worker.link.ring.hasStarted(position)) this.started(run, worker, this.clock.now());
      return false;
    }
    this.caughtUp(worker);
    return true;
  }

  stop(run: TaskRun, reason: unknown): void {
    const place = placeOf(run);
    const { worker } = place;
    if (place.grace) return;
    place.reason = reason;
    // It is on its way back to the queue, and ends there.
    if (!worker) return;
    if (worker.sender.revoke(run)) {
      this.#host.finished(run, { ok: false, value: reason });
      this.caughtUp(worker);
      return;
    }
    worker.sender.cancel(run, reason);
    place.grace = this.clock.after(this.#options.grace, () => this.#losses.overdue(run, worker));
  }

  grant(run: TaskRun, credits: number): void {
    placeOf(run).worker?.sender.grant(run, credits);
  }

  *live(): Iterable<TaskRun> {
    yield* this.#queue;
    for (const { line, lane } of this.#roster.all) yield* [...line, ...lane];
  }

  *list(): Iterable<ListedRun> {
    yield* this.#queue.list();
    for (const { line, lane } of this.#roster.all) yield* [...line, ...lane.list()];
  }

  get handles(): ReadonlySet<WorkerHandle> {
    return this.#roster.all;
  }

  /** Does what the event loop would, for who blocks it. */
  turn(): void {
    for (const { link } of [...this.#roster.all]) link.poll?.();
    for (const { sender } of this.#roster.all) sender.flush();
  }

  ready(): Promise<void> {
    return this.#roster.ready();
  }

  async shutdown(kill: boolean): Promise<void> {
    this.#assigner.recall.stop();
    this.#failures.closing();
    await Promise.all([this.#roster.shutdown(kill), this.#transport.close?.()]);
    this.#failures.check();
  }

  tearDownFailed({ label }: WorkerHandle, thrown: unknown): void {
    this.#failures.add(this.name, label, thrown);
  }

  up(worker: WorkerHandle): void {
    this.#roster.up();
    this.caughtUp(worker);
    this.#roster.retireNext();
  }

  started(run: TaskRun, worker: WorkerHandle, time: number): void {
    if (!run.started) this.#host.started(run, worker.label, time);
  }

  item(run: TaskRun, item: unknown): void {
    placeOf(run).delivered = true;
    if (!run.settled) run.items?.push(item);
  }

  progress(run: TaskRun, value: unknown): void {
    this.#host.progress(run, value);
  }

  readonly deskFor: DeskFor = (run) => this.#host.deskFor(run);

  output(run: TaskRun, output: TaskOutput): void {
    this.#host.output(run, output);
  }

  ended(run: TaskRun, ending: Ending | undefined, duration?: number): void {
    this.#host.finished(run, ending ?? { ok: false, value: placeOf(run).reason }, duration);
  }

  /** A worker is up, or has fewer tasks. */
  caughtUp(worker: WorkerHandle): void {
    worker.begin();
    if (worker.sender.given >= worker.due) this.#roster.retireNext();
    if (worker.isEmpty) {
      if (worker.sender.given >= worker.quota) this.#roster.dismiss(worker);
      else {
        this.#roster.rest(worker);
        // Others may hold tasks that this one could run now.
        if (worker.line.size === 0) this.#assigner.recall.forFree(this.#queue.size > 0);
      }
    }
    this.#assigner.look();
  }

  returned(worker: WorkerHandle, runs: readonly TaskRun[]): void {
    this.#assigner.recall.returned(runs);
    this.#losses.returned(worker);
  }

  dismissed(worker: WorkerHandle): void {
    this.#assigner.reservations.release(worker);
  }

  exited(worker: WorkerHandle, exit: WorkerExit, wasUp: boolean): void {
    this.#losses.exited(worker, exit, wasUp);
  }
}
