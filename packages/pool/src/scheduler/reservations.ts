import type { Clock, TaskRun } from "@quintet/core/kit";
import { KeyMap } from "./key-map.ts";
import { type Key, keyOf, leftOut, onlyWorker } from "./run-key.ts";
import type { RunQueue } from "./run-queue.ts";
import { canTakeAhead } from "./send-ahead.ts";
import type { WorkerHandle } from "../worker-handle/worker-handle.ts";
import type { WorkerRoster } from "./worker-roster.ts";

/**
 * The runs that belong to one worker. They come through the queue like all others; one that is first there moves to
 * the line of its worker, so that it blocks nobody, and the worker serves its line before the queue.
 */
export class Reservations {
  /** Runs may wait in lines. */
  any = false;
  readonly #keys = new KeyMap();
  readonly #queue: RunQueue;
  readonly #roster: WorkerRoster;
  readonly #clock: Clock;
  readonly #give: (worker: WorkerHandle, run: TaskRun) => void;

  constructor(
    queue: RunQueue,
    roster: WorkerRoster,
    clock: Clock,
    give: (worker: WorkerHandle, run: TaskRun) => void,
  ) {
    this.#queue = queue;
    this.#roster = roster;
    this.#clock = clock;
    this.#give = give;
  }

  /** How many workers start with a task waiting for them. */
  get starting(): number {
    if (!this.any) return 0;
    let count = 0;
    for (const { state, line } of this.#roster.all)
      if (state === "starting" && line.size > 0) count++;
    return count;
  }

  /** Takes the first run of the queue, which has a key; false when no worker is there for it yet. */
  place(run: TaskRun): boolean {
    const key = keyOf(run);
    if (typeof key === "object" && key.state !== "up") {
      run.cancel(leftOut);
      return true;
    }
    const worker = typeof key === "object" ? key : this.#homeFor(key as Key, run);
    if (!worker) return false;
    this.#queue.take();
    worker.line.join(run);
    this.any = true;
    this.#serve(worker, run.priority);
    return true;
  }

  /** Gives out what waits in lines, down to a priority. */
  serve(lowest: number): void {
    this.any = false;
    for (const worker of this.#roster.all) {
      this.#serve(worker, lowest);
      if (worker.line.size > 0) this.any = true;
    }
  }

  /** Takes a run back that was at a worker: to where it stood in its line, or in the queue. */
  rejoin(run: TaskRun): void {
    const key = keyOf(run);
    const home = typeof key === "object" || key === undefined ? key : this.#keys.get(key);
    if (!home || home.state === "gone") return this.#queue.rejoin(run);
    home.line.rejoin(run);
    this.any = true;
  }

  /** Lets go of what waits for a worker that holds nothing any more: its keys may live elsewhere. */
  release(worker: WorkerHandle): void {
    this.#keys.forget(worker);
    // From the last: each goes before those that are back.
    for (const run of [...worker.line].toReversed()) {
      if (onlyWorker(run)) run.cancel(leftOut);
      else if (worker.line.leave(run)) this.#queue.rejoin(run);
    }
  }

  /** Where a key lives, or is to live from now on. */
  #homeFor(key: Key, run: TaskRun): WorkerHandle | undefined {
    const home = this.#keys.use(key);
    if (home) return home;
    const worker = this.#newHome(run);
    if (worker) this.#keys.bind(key, worker);
    return worker;
  }

  /** One that rests; otherwise the one with the fewest keys, where no new one can do better. */
  #newHome(run: TaskRun): WorkerHandle | undefined {
    const { all, resting, canGrow } = this.#roster;
    if (resting.length > 0) return fewestKeys(resting);
    // Those that start as well: all keys would gather at the worker that was up first.
    const next = fewestKeys(
      [...all].filter((worker) => worker.state === "starting" || this.#canTake(worker, run)),
    );
    return canGrow && next?.line.keys.size !== 0 ? this.#roster.start() : next;
  }

  #serve(worker: WorkerHandle, lowest: number): void {
    for (let run = worker.line.peek(); run; run = worker.line.peek()) {
      if (run.priority < lowest || !this.#canTake(worker, run)) return;
      worker.line.leave(run);
      this.#roster.engage(worker);
      this.#give(worker, run);
    }
  }

  #canTake(worker: WorkerHandle, run: TaskRun): boolean {
    const { held, isOpen, sender, quota } = worker;
    // What moves its buffers must not have to move again.
    if (held > 0) return !run.options.transfer && canTakeAhead(worker, this.#clock.now());
    return isOpen && sender.given < quota;
  }
}

/** The one where fewest keys live; of those, the one that holds least. */
function fewestKeys(workers: readonly WorkerHandle[]): WorkerHandle | undefined {
  let fewest: WorkerHandle | undefined;
  for (const worker of workers) {
    const fewer = fewest ? worker.line.keys.size - fewest.line.keys.size : -1;
    if (!fewest || fewer < 0 || (fewer === 0 && worker.held < fewest.held)) fewest = worker;
  }
  return fewest;
}
