import { type TaskRun, WaitList } from "@quintet/core/kit";
import { newPlace, placeOf } from "./place.ts";

/** The runs that are at no worker, and the place of each. */
export class RunQueue implements Iterable<TaskRun> {
  readonly #list = new WaitList<TaskRun>();
  #count = 0;

  get size(): number {
    return this.#list.size;
  }

  /** Takes a new run. */
  join(run: TaskRun): void {
    run.place = newPlace(this.#count++, this.#list.join(run, run.priority));
  }

  /** Takes back a run that came before all that wait with its priority. */
  rejoin(run: TaskRun): void {
    placeOf(run).node = this.#list.join(run, run.priority, true);
  }

  /** Lets a run go that is given up; false when it is not here. */
  leave(run: TaskRun): boolean {
    const place = placeOf(run);
    const { node } = place;
    place.node = undefined;
    return node !== undefined && this.#list.leave(node);
  }

  /** The first run, which stays. */
  peek(): TaskRun | undefined {
    return this.#list.peek();
  }

  take(): TaskRun | undefined {
    const run = this.#list.take();
    if (run) placeOf(run).node = undefined;
    return run;
  }

  /** Takes what waits now, and not what joins while that is dealt with. */
  takeAll(): TaskRun[] {
    const runs = [...this.#list];
    for (const run of runs) this.leave(run);
    return runs;
  }

  [Symbol.iterator](): Iterator<TaskRun> {
    return this.#list[Symbol.iterator]();
  }
}
