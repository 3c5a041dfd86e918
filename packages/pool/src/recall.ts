import type { Clock, TaskRun, Timer } from "@quintet/core/kit";
import { placeOf } from "./place.ts";
import { longTask, runsLong } from "./send-ahead.ts";
import type { WorkerHandle } from "./worker-handle.ts";
import type { WorkerRoster } from "./worker-roster.ts";

/** Takes back what was sent ahead and has not started, where it would be in the way or start sooner elsewhere. */
export class Recall {
  readonly #roster: WorkerRoster;
  readonly #clock: Clock;
  readonly #requeue: (run: TaskRun) => void;
  #watch: Timer | undefined;

  /** `requeue` gets each run taken back, the one that came last first. */
  constructor(roster: WorkerRoster, clock: Clock, requeue: (run: TaskRun) => void) {
    this.#roster = roster;
    this.#clock = clock;
    this.#requeue = requeue;
  }

  /** From all workers: one of them has nothing to do. */
  all(): void {
    this.from(this.#roster.all);
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
    const isBelow = ({ assignments }: WorkerHandle): boolean =>
      assignments.some(({ run }, index) => index > 0 && run.priority < priority);
    this.from([...this.#roster.all].filter(isBelow));
  }

  from(workers: Iterable<WorkerHandle>): void {
    const runs: TaskRun[] = [];
    for (const worker of workers) {
      for (const assignment of worker.assignments.slice(1)) {
        if (worker.revoke(assignment)) runs.push(assignment.run);
      }
    }
    for (const run of runs) placeOf(run).assignment = undefined;
    runs.sort((a, b) => placeOf(b).order - placeOf(a).order);
    for (const run of runs) this.#requeue(run);
  }

  /**
   * Looks after a while whether what is sent ahead is stuck. Once there are all the workers there may be, this
   * is not needed: whichever ends its task takes over.
   */
  watch(look: () => void): void {
    if (this.#watch || !this.#roster.canGrow || ![...this.#roster.all].some(holdsAhead)) return;
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
export function holdsAhead({ assignments }: WorkerHandle): boolean {
  return assignments.length > 1;
}
