import { type ListedRun, RunBatch, type TaskRun, WaitList, type WaitNode } from "@quintet/core/kit";
import { Place, placeOf } from "../worker-handle/place.ts";

/** Where a batch is in the queue. */
interface BatchPlace {
  /** The order of its first run; the others follow. */
  readonly order: number;
  readonly node: WaitNode<TaskRun | RunBatch>;
}

/** The runs that are at no worker, and the place of each. */
export class RunQueue implements Iterable<TaskRun> {
  readonly #list = new WaitList<TaskRun | RunBatch>();
  #count = 0;
  /** Runs in batches, and the batches: each counts as one in the list. */
  #batched = 0;
  #batches = 0;

  /** How many runs there are, those in batches included. */
  get size(): number {
    return this.#list.size - this.#batches + this.#batched;
  }

  /** Takes a new run. */
  join(run: TaskRun): void {
    run.place = new Place(this.#count++, this.#list.join(run, run.priority));
  }

  /** Takes new runs. */
  joinBatch(batch: RunBatch): void {
    const node = this.#list.join(batch, batch.priority);
    batch.place = { order: this.#count, node } satisfies BatchPlace;
    this.#count += batch.waiting;
    this.#batched += batch.waiting;
    this.#batches++;
  }

  /** Takes back a run that was at a worker: to where it stood. Others may be back already that came before it. */
  rejoin(run: TaskRun): void {
    const { order } = placeOf(run);
    const isBefore = (other: TaskRun | RunBatch): boolean => orderOf(other) < order;
    placeOf(run).node = this.#list.rejoin(run, run.priority, isBefore);
  }

  /** Lets a run go that is given up; false when it is neither here nor in the line of a worker. */
  leave(run: TaskRun): boolean {
    const place = placeOf(run);
    const { line, node } = place;
    if (line) return line.leave(run);
    place.node = undefined;
    return node !== undefined && this.#list.leave(node);
  }

  /** The first run, or the batch it is in, which stays. */
  peek(): TaskRun | RunBatch | undefined {
    return this.#list.peek();
  }

  /** Takes the first run, which is not in a batch. */
  take(): TaskRun {
    const run = this.#list.take() as TaskRun;
    placeOf(run).node = undefined;
    return run;
  }

  /** So many runs of a batch were taken out of it. */
  taken(batch: RunBatch, count: number): void {
    this.#batched -= count;
    if (batch.waiting > 0) return;
    this.#batches--;
    this.#list.leave((batch.place as BatchPlace).node);
  }

  /** Makes a run of its own of one that was in a batch, and is at no worker yet, or any more. */
  promote(batch: RunBatch, offset: number): TaskRun {
    const run = batch.promote(offset);
    run.place = new Place((batch.place as BatchPlace).order + offset, undefined);
    return run;
  }

  /** Makes runs of their own of what waits in a batch. */
  dissolve(batch: RunBatch): void {
    const { waiting, next } = batch;
    if (waiting === 0) return;
    const { node } = batch.place as BatchPlace;
    for (let offset = next; offset < batch.inputs.length; offset++) {
      const run = this.promote(batch, offset);
      placeOf(run).node = this.#list.joinBefore(run, node);
    }
    batch.next = batch.inputs.length;
    this.taken(batch, waiting);
  }

  /** Takes what waits now, and not what joins while that is dealt with. */
  takeAll(): TaskRun[] {
    const runs = [...this];
    for (const run of runs) this.leave(run);
    return runs;
  }

  /** Leaves the batches as they are. */
  *list(): Iterable<ListedRun> {
    for (const entry of this.#list) {
      if (!(entry instanceof RunBatch)) yield entry;
      else
        for (let offset = entry.next; offset < entry.inputs.length; offset++)
          yield entry.listed(offset);
    }
  }

  /** Dissolves what batches there are. */
  *[Symbol.iterator](): Iterator<TaskRun> {
    for (const entry of [...this.#list]) if (entry instanceof RunBatch) this.dissolve(entry);
    yield* this.#list as Iterable<TaskRun>;
  }
}

/** The order of a run, or of the first one that waits in a batch. */
function orderOf(entry: TaskRun | RunBatch): number {
  return entry instanceof RunBatch
    ? (entry.place as BatchPlace).order + entry.next
    : placeOf(entry).order;
}
