import { type TaskRun, WaitList, type WaitNode } from "@quintet/core/kit";
import { placeOf } from "../worker-handle/place.ts";
import type { Key } from "./run-key.ts";

/** The runs that wait for one worker and no other, in the order of the queue they came through. */
export class ReservedLine implements Iterable<TaskRun> {
  /** The keys that live at the worker. */
  readonly keys: Set<Key> = new Set();
  readonly #runs = new WaitList<TaskRun>();

  get size(): number {
    return this.#runs.size;
  }

  /** Takes a run in that has come through the queue. */
  join(run: TaskRun): void {
    const place = placeOf(run);
    place.line = this;
    place.node = this.#runs.join(run, run.priority);
  }

  /** Takes back a run that was at the worker: to where it stood. */
  rejoin(run: TaskRun): void {
    const place = placeOf(run);
    place.line = this;
    place.node = this.#runs.rejoin(
      run,
      run.priority,
      (other) => placeOf(other).order < place.order,
    );
  }

  /** Lets a run go; false when it is not here. */
  leave(run: TaskRun): boolean {
    const place = placeOf(run);
    const { line, node } = place;
    if (line !== this || !node) return false;
    place.line = place.node = undefined;
    return this.#runs.leave(node as WaitNode<TaskRun>);
  }

  /** The first run, which stays. */
  peek(): TaskRun | undefined {
    return this.#runs.peek();
  }

  [Symbol.iterator](): Iterator<TaskRun> {
    return this.#runs[Symbol.iterator]();
  }
}
