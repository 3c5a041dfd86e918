import type { Task } from "@quintet/core";
import { type Clock, RunBatch, type TaskRun } from "@quintet/core/kit";
import { Recall } from "./recall.ts";
import { Reservations } from "./reservations.ts";
import type { RunQueue } from "./run-queue.ts";
import type { SchedulerOptions } from "./scheduler-options.ts";
import { canTakeAhead, endsSoon, isQuick, pickAhead, window } from "./send-ahead.ts";
import { TaskNumbers } from "./task-numbers.ts";
import type { WorkerHandle } from "../worker-handle/worker-handle.ts";
import type { WorkerRoster } from "./worker-roster.ts";

/** Quick runs are given to a worker together, up to so many: they hold up nobody. */
const mostTogether = 64;

/** Gives what waits to the workers that can take it, and takes back what would start sooner elsewhere. */
export class Assigner {
  readonly recall: Recall;
  readonly reservations: Reservations;
  readonly #queue: RunQueue;
  readonly #roster: WorkerRoster;
  readonly #options: SchedulerOptions;
  readonly #clock: Clock;
  readonly #numbers = new TaskNumbers();
  /** The lowest priority there was: what is not above it need not pass anything. */
  #lowest = Infinity;
  /** No worker can take more, until one has something to tell: what joins the queue need not look for one. */
  #full = false;
  #quiet = false;
  /** Who was given something last. */
  #last: WorkerHandle | undefined;

  /** `requeue` gets each run that is taken back. */
  constructor(
    queue: RunQueue,
    roster: WorkerRoster,
    options: SchedulerOptions,
    clock: Clock,
    requeue: (run: TaskRun) => void,
  ) {
    this.#queue = queue;
    this.#roster = roster;
    this.#options = options;
    this.#clock = clock;
    const requeueAll = (runs: readonly TaskRun[]): void =>
      this.quietly(() => {
        for (const run of runs) requeue(run);
      });
    this.recall = new Recall(roster, clock, requeueAll);
    const give = (worker: WorkerHandle, run: TaskRun): void => this.#give(worker, run);
    this.reservations = new Reservations(queue, roster, clock, give);
  }

  /** Something of this priority has joined the queue. */
  joined(priority: number): void {
    if (priority > this.#lowest) this.recall.below(priority);
    else this.#lowest = priority;
    if (!this.#full) this.pump();
  }

  /** A worker has something to do less. Nothing sent ahead waits behind a long task while others could run it. */
  look(): void {
    this.recall.fromStuck();
    this.pump();
  }

  /** Puts runs back without giving any out: one of them must not start while others that go before it are nowhere. */
  quietly(work: () => void): void {
    const was = this.#quiet;
    this.#quiet = true;
    try {
      work();
    } finally {
      this.#quiet = was;
    }
  }

  /** Gives out what can be given out. */
  pump(): void {
    if (this.#quiet) {
      this.#full = false;
      return;
    }
    const { reservations } = this;
    let served = Infinity;
    while (this.#queue.size > 0) {
      const next = this.#queue.peek() as TaskRun | RunBatch;
      if (reservations.any && next.priority < served) {
        served = next.priority;
        reservations.serve(served);
        continue;
      }
      if (next.options.key !== undefined) {
        if (reservations.place(next as TaskRun)) continue;
        break;
      }
      const worker = this.#choose(next);
      if (!worker) break;
      if (next instanceof RunBatch) this.#assignBatch(worker, next);
      else this.#giveSome(worker, next);
    }
    if (reservations.any) reservations.serve(this.#queue.peek()?.priority ?? -Infinity);
    this.#roster.demand(this.#queue.size + reservations.starting);
    this.#full = this.#queue.size > 0 && !this.#roster.canGrow;
    this.recall.watch(() => this.look());
  }

  #give(worker: WorkerHandle, run: TaskRun): void {
    worker.sender.give(run, this.#numbers.of(run.task as Task<never, unknown>));
    worker.begin();
  }

  /** Gives out the first run and those like it behind it: looking for a worker for each would cost as much again. */
  #giveSome(worker: WorkerHandle, first: TaskRun): void {
    const together = !first.options.transfer && isQuick(worker, first.task);
    const most = together ? Math.min(this.#share(worker), mostTogether) : 1;
    for (let given = 0; given < most; given++) {
      const next = this.#queue.peek();
      if (!next || next instanceof RunBatch || next.priority !== first.priority) break;
      if (next.task !== first.task) break;
      if (given > 0 && (next.options.key !== undefined || next.options.transfer)) break;
      const run = this.#queue.take();
      worker.sender.give(run, this.#numbers.of(run.task as Task<never, unknown>));
    }
    worker.begin();
  }

  /** As many as it may hold, but not more than its part of what waits; one at least. */
  #share(worker: WorkerHandle): number {
    const part = Math.ceil(this.#queue.size / this.#options.workers.max);
    const { quota, sender, lane, held } = worker;
    const most = Math.min(part, window(worker) - held, lane.room, quota - sender.given);
    return Math.max(1, most);
  }

  #assignBatch(worker: WorkerHandle, batch: RunBatch): void {
    const count = Math.min(batch.waiting, this.#share(worker));
    const task = batch.task as Task<never, unknown>;
    worker.sender.giveBatch(batch, count, this.#numbers.of(task));
    this.#queue.taken(batch, count);
    worker.begin();
  }

  /** Who gets the next run: the last one again while that is the quickest, else one that rests, else a busy one. */
  #choose(next: TaskRun | RunBatch): WorkerHandle | undefined {
    const last = this.#last;
    if (last && !(next instanceof RunBatch) && !next.options.transfer) {
      const now = this.#clock.now();
      if (endsSoon(last, next.task, now)) return canTakeAhead(last, now) ? last : undefined;
    }
    return (this.#last = this.#roster.wake() ?? this.#ahead(next));
  }

  /** A busy worker that can be sent this run ahead; what moves its buffers must not have to move again. */
  #ahead(next: TaskRun | RunBatch): WorkerHandle | undefined {
    if (next.options.transfer) return undefined;
    return pickAhead(this.#roster.all, this.#clock.now());
  }
}
