import type { Clock, TaskRun, Timer } from "@quintet/core/kit";
import { placeOf } from "../worker-handle/place.ts";
import { keyOf } from "./run-key.ts";
import { holdsOneBehindLong, longTask, runsLong, workAhead } from "./send-ahead.ts";
import type { WorkerHandle } from "../worker-handle/worker-handle.ts";
import type { WorkerRoster } from "./worker-roster.ts";

/** Milliseconds of work below which moving it is not worth while, beyond what moving each run takes. */
const worthMoving = 0.2;

/** Takes back what was sent ahead and has not started, where it would be in the way or start sooner elsewhere. */
export class Recall {
  readonly #roster: WorkerRoster;
  readonly #clock: Clock;
  readonly #requeue: (runs: readonly TaskRun[]) => void;
  #watch: Timer | undefined;

  /** `requeue` gets the runs taken back, the one that came last first. */
  constructor(roster: WorkerRoster, clock: Clock, requeue: (runs: readonly TaskRun[]) => void) {
    this.#roster = roster;
    this.#clock = clock;
    this.#requeue = requeue;
  }

  /**
   * For a worker that has nothing to do: from those that hold more than it takes to move it. Where others wait in the
   * queue it could take one of them; so only what came before them, and stands behind a long task.
   */
  forFree(othersWait: boolean): void {
    const now = this.#clock.now();
    const holdsMuch = (worker: WorkerHandle): boolean =>
      holdsAhead(worker) && (workAhead(worker) > worthMoving || runsLong(worker, now));
    const holds = othersWait ? holdsOneBehindLong : holdsMuch;
    // What has a key would not go to the other one.
    this.from([...this.#roster.all].filter(holds), (run) => keyOf(run) === undefined);
  }

  /** From workers whose task runs for long. */
  fromStuck(): void {
    const now = this.#clock.now();
    this.from(
      [...this.#roster.all].filter((worker) => holdsAhead(worker) && runsLong(worker, now)),
    );
  }

  /** From workers that hold what a new run of this priority must pass. */
  below(priority: number): void {
    this.from([...this.#roster.all].filter(({ lane }) => lane.holdsBelow(priority)));
  }

  /** Takes back what these workers have not started: all of it, or what passes the test. */
  from(workers: Iterable<WorkerHandle>, test: (run: TaskRun) => boolean = () => true): void {
    const runs: TaskRun[] = [];
    for (const worker of workers) {
      if (!holdsAhead(worker)) continue;
      for (const run of [...worker.lane].slice(1))
        if (test(run) && worker.sender.revoke(run)) runs.push(run);
    }
    this.returned(runs);
  }

  /** These have come back. */
  returned(runs: readonly TaskRun[]): void {
    if (runs.length > 0)
      this.#requeue(runs.toSorted((a, b) => placeOf(b).order - placeOf(a).order));
  }

  /**
   * Looks after a while whether what is sent ahead is stuck while others could run it: those that rest, or that
   * may still be started. Otherwise whichever ends its task takes over.
   */
  watch(look: () => void): void {
    if (this.#watch || !this.#roster.hasSpare || ![...this.#roster.all].some(holdsAhead)) return;
    const after = (): void => {
      this.#watch = undefined;
      look();
    };
    this.#watch = this.#clock.after(longTask, after, { background: true });
  }

  /** Stops watching. */
  stop(): void {
    this.#watch?.cancel();
    this.#watch = undefined;
  }
}

/** Whether a worker holds more than the task that runs. */
export function holdsAhead({ held }: WorkerHandle): boolean {
  return held > 1;
}
