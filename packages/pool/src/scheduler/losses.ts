import type { EngineHost, TaskRun } from "@quintet/core/kit";
import type { Assigner } from "./assigner.ts";
import { placeOf } from "../worker-handle/place.ts";
import { holdsAhead } from "./recall.ts";
import type { RunQueue } from "./run-queue.ts";
import type { WorkerExit } from "../transport/transport.ts";
import type { WorkerHandle } from "../worker-handle/worker-handle.ts";
import { afterLoss } from "../worker-handle/worker-loss.ts";
import type { WorkerRoster } from "./worker-roster.ts";

/** Milliseconds that a distant worker has to give back what it has not started, before it is ended nevertheless. */
const mostPatience = 500;

/** What becomes of runs whose workers end, or have to be ended. */
export class Losses {
  /** Workers that were lost or stopped in the middle of a task. */
  restarts = 0;
  readonly #queue: RunQueue;
  readonly #roster: WorkerRoster;
  readonly #assigner: Assigner;
  readonly #host: EngineHost;

  constructor(queue: RunQueue, roster: WorkerRoster, assigner: Assigner, host: EngineHost) {
    this.#queue = queue;
    this.#roster = roster;
    this.#assigner = assigner;
    this.#host = host;
  }

  /** A worker has ended; `wasUp` tells whether it ever was up. */
  exited(worker: WorkerHandle, exit: WorkerExit, wasUp: boolean): void {
    const held = worker.lane.clear();
    if (held.length > 0) this.restarts++;
    const startError = this.#roster.gone(worker, exit, wasUp);
    this.#assigner.quietly(() => {
      this.#assigner.reservations.release(worker);
      // From the last: each goes before those that are back.
      for (const run of held.toReversed()) {
        const fate = afterLoss(run, worker, exit);
        if (typeof fate === "string") this.requeue(run, fate);
        else this.#fail(run, fate.thrown);
      }
    });
    // What comes while they hear of it waits for the next attempts.
    if (startError) for (const run of this.#takeWaiting()) this.#fail(run, startError());
    this.#assigner.pump();
    this.#roster.retireNext();
  }

  /** Its grace period is over: its worker is ended, and takes nobody with it. */
  overdue(run: TaskRun, worker: WorkerHandle): void {
    this.#assigner.recall.from([worker]);
    // Where the next one has started, this one has ended, and its report is on its way.
    if (!holdsAhead(worker)) this.#kill(run, worker);
    else if (worker.link.ring.isDistant) this.#killLater(run, worker);
    this.#assigner.pump();
  }

  /** A distant worker gave back what it was asked for: it may have been in the way of ending it. */
  returned(worker: WorkerHandle): void {
    const running = worker.lane.first();
    if (running && placeOf(running).overdue && !holdsAhead(worker)) this.#kill(running, worker);
  }

  /** As soon as it has given back the others, or when it does not answer. */
  #killLater(run: TaskRun, worker: WorkerHandle): void {
    placeOf(run).overdue = true;
    this.#host.clock.after(mostPatience, () => {
      if (placeOf(run).worker === worker) this.#kill(run, worker);
    });
  }

  #kill(run: TaskRun, worker: WorkerHandle): void {
    placeOf(run).killed = true;
    worker.kill();
  }

  /** All that waits for workers, of which none starts. */
  #takeWaiting(): TaskRun[] {
    for (const worker of this.#roster.all)
      if (worker.state === "starting") this.#assigner.reservations.release(worker);
    return this.#queue.takeAll();
  }

  /** Puts a run back into the queue. Whoever hears of it may cancel it, and it is nowhere just then. */
  requeue(run: TaskRun, why: "retried" | "moved"): void {
    if (!run.settled) this.#host.requeued(run, why);
    if (run.settled) this.#fail(run, placeOf(run).reason);
    else this.#assigner.reservations.rejoin(run);
  }

  #fail(run: TaskRun, value: unknown): void {
    this.#host.finished(run, { ok: false, value });
  }
}
