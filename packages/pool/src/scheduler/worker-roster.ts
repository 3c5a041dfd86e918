import { ClosedError, type WorkerStartError } from "@quintet/core";
import type { Clock, Timer } from "@quintet/core/kit";
import { FailedStarts } from "./failed-starts.ts";
import type { WorkerExit } from "../transport/transport.ts";
import { nextToRetire } from "./turnover.ts";
import type { WorkerHandle } from "../worker-handle/worker-handle.ts";

/** How many workers there are, and for how long. */
export interface RosterLimits {
  /** Kept even when idle, once started. */
  readonly min: number;
  readonly max: number;
  /** Milliseconds after which an idle worker above `min` is let go. */
  readonly idle: number;
}

/** After failed starts, while others serve: milliseconds until it is tried again. */
const startPause = 1_000;

/** The workers of a pool: starts them on demand, rests them, lets them go. */
export class WorkerRoster {
  readonly all: Set<WorkerHandle> = new Set();
  readonly #limits: RosterLimits;
  readonly #clock: Clock;
  readonly #connect: () => WorkerHandle;
  readonly #growing: () => void;
  /** Last in, first out: the busy ones stay warm, the others get old enough to go. */
  readonly #resting: WorkerHandle[] = [];
  #starting = 0;
  readonly #failures = new FailedStarts();
  #pause: Timer | undefined;
  #reaper: Timer | undefined;
  #ready: PromiseWithResolvers<void> | undefined;
  #closing = false;

  /** `growing` is told when there may be more again. */
  constructor(
    limits: RosterLimits,
    clock: Clock,
    connect: () => WorkerHandle,
    growing: () => void,
  ) {
    this.#limits = limits;
    this.#clock = clock;
    this.#connect = connect;
    this.#growing = growing;
  }

  /** Whether there may be more of them. */
  get canGrow(): boolean {
    return this.all.size < this.#limits.max && !this.#closing && !this.#pause;
  }

  /** Whether one rests, or there may be more. */
  get hasSpare(): boolean {
    return this.#resting.length > 0 || this.canGrow;
  }

  /** Those that have nothing to do. */
  get resting(): readonly WorkerHandle[] {
    return this.#resting;
  }

  /** Starts workers for tasks that wait, as far as there may be more. */
  demand(tasks: number): void {
    while (this.#starting < tasks && this.canGrow) this.start();
  }

  /** Starts one more. */
  start(): WorkerHandle {
    const worker = this.#connect();
    this.#starting++;
    this.all.add(worker);
    return worker;
  }

  /** Resolves when as many as are kept, and at least one, are up. *Errors*: `WORKER_START_FAILED`, `CLOSED`. */
  ready(): Promise<void> {
    this.#ready ??= Promise.withResolvers();
    const { promise } = this.#ready;
    this.#checkReady();
    return promise;
  }

  /** A worker has started. */
  up(): void {
    this.#starting--;
    this.#failures.forgive();
    this.#checkReady();
  }

  /** The idle worker that rested last. */
  wake(): WorkerHandle | undefined {
    const worker = this.#resting.pop();
    worker?.link.hold(true);
    return worker;
  }

  /** This worker gets something to do. */
  engage(worker: WorkerHandle): void {
    if (this.#unrest(worker)) worker.link.hold(true);
  }

  /** A worker has nothing to do. */
  rest(worker: WorkerHandle): void {
    if (worker.state !== "up" || this.#resting.includes(worker)) return;
    worker.since = this.#clock.now();
    worker.link.hold(false);
    this.#resting.push(worker);
    this.#reap();
  }

  /** A worker has ended. Gives the errors for the waiting tasks, one each, when workers do not start at all. */
  gone(
    worker: WorkerHandle,
    exit: WorkerExit,
    wasUp: boolean,
  ): (() => WorkerStartError) | undefined {
    this.all.delete(worker);
    this.#unrest(worker);
    if (!wasUp) this.#starting--;
    if (this.#closing) return undefined;
    const served = [...this.all].some(({ state }) => state === "up");
    if (!served) this.#endPause();
    const inVain = wasUp && this.#ready !== undefined && worker.sender.given === 0;
    if (!(wasUp ? inVain && this.#failures.inVain() : this.#failures.failed())) {
      this.#checkReady();
      return undefined;
    }
    const startError = (): WorkerStartError => this.#failures.error(exit, wasUp);
    this.#ready?.reject(startError());
    this.#notAwaited();
    // What waits is served, if more slowly.
    if (served && !wasUp) this.#pauseStarts();
    return served || wasUp ? undefined : startError;
  }

  #pauseStarts(): void {
    const resume = (): void => {
      this.#pause = undefined;
      this.#checkReady();
      this.#growing();
    };
    this.#pause ??= this.#clock.after(startPause, resume, { background: true });
  }

  #endPause(): void {
    this.#pause?.cancel();
    this.#pause = undefined;
  }

  /** Lets all workers go; resolves when they are gone. */
  async shutdown(kill: boolean): Promise<void> {
    this.#closing = true;
    this.#reaper?.cancel();
    this.#endPause();
    this.#ready?.reject(new ClosedError("The pool was closed before its workers were up."));
    this.#notAwaited();
    const workers = [...this.all];
    for (const worker of workers) {
      if (kill) worker.kill();
      else worker.dismiss();
    }
    await Promise.all(workers.map((worker) => worker.gone));
  }

  #checkReady(): void {
    if (!this.#ready) return;
    const wanted = Math.max(1, this.#limits.min);
    if ([...this.all].filter(({ state }) => state === "up").length >= wanted) {
      this.#ready.resolve();
      this.#notAwaited();
    } else this.demand(Math.max(this.#starting, wanted - this.all.size + this.#starting));
  }

  #notAwaited(): void {
    this.#ready = undefined;
    this.#failures.rest();
  }

  /** One timer for all: looks again when the one that has rested longest will be old enough. */
  #reap(): void {
    const [oldest] = this.#resting;
    const { min, idle } = this.#limits;
    if (this.#reaper || !oldest || this.#staying() <= min || idle === Infinity) return;
    const due = Math.max(0, oldest.since + idle - this.#clock.now());
    const reap = (): void => {
      this.#reaper = undefined;
      const now = this.#clock.now();
      for (const worker of this.#resting.filter(({ since }) => since + idle <= now)) {
        if (this.#staying() <= min) break;
        this.dismiss(worker);
      }
      this.#reap();
    };
    this.#reaper = this.#clock.after(due, reap, { background: true });
  }

  /** Those that have not been told to go: one that was counts among `all` until it is gone. */
  #staying(): number {
    return [...this.all].filter(({ state }) => state !== "leaving").length;
  }

  /** Takes away the next worker that is worn, once it holds nothing; not two at a time. */
  retireNext(): void {
    const worker = nextToRetire(this.all);
    if (!worker) return;
    worker.quota = 0;
    if (worker.isEmpty) this.dismiss(worker);
  }

  /** Lets an idle worker go. */
  dismiss(worker: WorkerHandle): void {
    this.#unrest(worker);
    worker.dismiss();
  }

  #unrest(worker: WorkerHandle): boolean {
    const index = this.#resting.indexOf(worker);
    if (index >= 0) this.#resting.splice(index, 1);
    return index >= 0;
  }
}
