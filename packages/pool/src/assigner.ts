import type { Task } from "@quintet/core";
import { type Clock, RunBatch, type TaskRun } from "@quintet/core/kit";
import { Recall } from "./recall.ts";
import type { RunQueue } from "./run-queue.ts";
import type { SchedulerOptions } from "./scheduler-options.ts";
import { pickAhead, window } from "./send-ahead.ts";
import { TaskNumbers } from "./task-numbers.ts";
import type { WorkerHandle } from "./worker-handle.ts";
import type { WorkerRoster } from "./worker-roster.ts";

/** Gives what waits to the workers that can take it, and takes back what would start sooner elsewhere. */
export class Assigner {
  readonly recall: Recall;
  readonly #queue: RunQueue;
  readonly #roster: WorkerRoster;
  readonly #options: SchedulerOptions;
  readonly #clock: Clock;
  readonly #numbers = new TaskNumbers();
  /** The lowest priority there was: what is not above it need not pass anything. */
  #lowest = Infinity;
  /** No worker can take more, until one has something to tell: what joins the queue need not look for one. */
  #full = false;

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
    this.recall = new Recall(roster, clock, requeue);
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

  /** Gives out what can be given out. */
  pump(): void {
    while (this.#queue.size > 0) {
      const next = this.#queue.peek() as TaskRun | RunBatch;
      const worker = this.#roster.wake() ?? this.#ahead(next);
      if (!worker) break;
      if (next instanceof RunBatch) this.#assignBatch(worker, next);
      else this.#assign(worker);
    }
    this.#roster.demand(this.#queue.size);
    this.#full = this.#queue.size > 0 && !this.#roster.canGrow;
    this.recall.watch(() => this.look());
  }

  #assign(worker: WorkerHandle): void {
    const run = this.#queue.take();
    worker.sender.give(run, this.#numbers.of(run.task as Task<never, unknown>));
    worker.begin();
  }

  /** As many as it may hold, but not more than its share of what waits. */
  #assignBatch(worker: WorkerHandle, batch: RunBatch): void {
    const count = Math.min(
      batch.waiting,
      Math.max(1, Math.ceil(this.#queue.size / this.#options.workers.max)),
      Math.max(1, window(worker) - worker.held),
      worker.lane.room,
      worker.quota - worker.sender.given,
    );
    const task = batch.task as Task<never, unknown>;
    worker.sender.giveBatch(batch, count, this.#numbers.of(task));
    this.#queue.taken(batch, count);
    worker.begin();
  }

  /** A busy worker that can be sent this run ahead; what moves its buffers must not have to move again. */
  #ahead(next: TaskRun | RunBatch): WorkerHandle | undefined {
    if (next.options.transfer) return undefined;
    return pickAhead(this.#roster.all, this.#clock.now());
  }
}
