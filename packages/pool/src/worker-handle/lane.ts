import { type ListedRun, RunBatch, type Runnable, type TaskRun } from "@quintet/core/kit";
import { leaveWorker, placeOf } from "./place.ts";
import { nextPosition, type Position, ringSlots } from "../transport/ring-memory.ts";

const slotMask = ringSlots - 1;

/** The runs at one worker, in the order they were given: what stands in its ring, on this side. */
export class Lane implements Iterable<TaskRun> {
  readonly #promote: (batch: RunBatch, offset: number, position: Position) => TaskRun;
  readonly #entries: (TaskRun | RunBatch | undefined)[] = Array.from(
    { length: ringSlots },
    () => undefined,
  );
  /** Which run of its batch it is. */
  readonly #offsets = new Int32Array(ringSlots);
  /** The oldest that is not reaped, and the next to be given. */
  #head: Position;
  #tail: Position;
  #size = 0;
  #only: Runnable | undefined;

  /** `promote` makes a run of its own of one that came in a batch, and has to be told from the others now. */
  constructor(
    promote: (batch: RunBatch, offset: number, position: Position) => TaskRun,
    start: Position,
  ) {
    this.#promote = promote;
    this.#head = this.#tail = start;
  }

  /** The task of all of them, where it is the same. */
  get only(): Runnable | undefined {
    return this.#only;
  }

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** Where the worker is known to be. */
  get head(): Position {
    return this.#head;
  }

  /** Where the next run goes. */
  get tail(): Position {
    return this.#tail;
  }

  /** How many slots there are for more. */
  get room(): number {
    return ringSlots - ((this.#tail - this.#head) | 0);
  }

  /** The run at a position. */
  at(position: Position): TaskRun | undefined {
    const slot = position & slotMask;
    const entry = this.#entries[slot];
    if (!(entry instanceof RunBatch)) return entry;
    const run = this.#promote(entry, this.#offsets[slot] as number, position);
    this.#entries[slot] = run;
    return run;
  }

  /** The run at a position, if it is there still: another one may stand in its slot since. */
  here(position: Position): TaskRun | undefined {
    const isInside = ((position - this.#head) | 0) >= 0 && ((position - this.#tail) | 0) < 0;
    return isInside ? this.at(position) : undefined;
  }

  /** The run at a position, or the batch it came in. */
  entry(position: Position): TaskRun | RunBatch | undefined {
    return this.#entries[position & slotMask];
  }

  /** Which run of its batch is at a position. */
  offset(position: Position): number {
    return this.#offsets[position & slotMask] as number;
  }

  /** The one that runs or is about to. */
  first(): TaskRun | undefined {
    if (this.#size === 0) return undefined;
    let position = this.#head;
    while (this.entry(position) === undefined) position = nextPosition(position);
    return this.at(position);
  }

  /** Whether one behind the first is below a priority. */
  holdsBelow(priority: number): boolean {
    let found = 0;
    for (let position = this.#head; found < this.#size; position = nextPosition(position)) {
      const entry = this.entry(position);
      if (entry && found++ > 0 && entry.priority < priority) return true;
    }
    return false;
  }

  /** The runs that did not come in a batch. */
  *singles(): Iterable<TaskRun> {
    for (const entry of this.#entries) if (entry && !(entry instanceof RunBatch)) yield entry;
  }

  /** Makes runs of their own of those that came in a batch. */
  promoteAll(batch: RunBatch): void {
    for (let position = this.#head; position !== this.#tail; position = nextPosition(position)) {
      if (this.entry(position) === batch) this.at(position);
    }
  }

  /** Takes a run in, at the tail. */
  push(entry: TaskRun | RunBatch, offset: number = 0): Position {
    const position = this.#tail;
    const slot = position & slotMask;
    this.#entries[slot] = entry;
    this.#offsets[slot] = offset;
    this.#tail = nextPosition(position);
    this.#noteTask(entry);
    this.#size++;
    return position;
  }

  #noteTask({ task }: TaskRun | RunBatch): void {
    if (this.#size === 0) this.#only = task;
    else if (this.#only !== task) this.#only = undefined;
  }

  /** Takes so many runs of a batch in, at the tail. */
  pushSome(batch: RunBatch, first: number, count: number): Position {
    const start = this.#tail;
    const entries = this.#entries;
    const offsets = this.#offsets;
    for (let index = 0; index < count; index++) {
      const slot = (start + index) & slotMask;
      entries[slot] = batch;
      offsets[slot] = first + index;
    }
    this.#tail = (start + count) | 0;
    this.#noteTask(batch);
    this.#size += count;
    return start;
  }

  /** How many positions from the head on, and before `end`, hold runs of this batch that follow each other. */
  follow(batch: RunBatch, end: Position): number {
    const entries = this.#entries;
    const offsets = this.#offsets;
    const head = this.#head;
    const most = (end - head) | 0;
    const first = offsets[head & slotMask] as number;
    let count = 1;
    while (count < most) {
      const slot = (head + count) & slotMask;
      if (entries[slot] !== batch || offsets[slot] !== first + count) break;
      count++;
    }
    return count;
  }

  /** The worker has passed so many, all of which were there. */
  shiftSome(count: number): void {
    const entries = this.#entries;
    for (let index = 0; index < count; index++)
      entries[(this.#head + index) & slotMask] = undefined;
    this.#head = (this.#head + count) | 0;
    this.#size -= count;
  }

  /** Lets a run go; its slot stays until the worker has passed it. */
  drop(position: Position): void {
    this.#entries[position & slotMask] = undefined;
    this.#size--;
  }

  /** Takes all runs out: their worker is gone. */
  clear(): TaskRun[] {
    const runs = [...this];
    for (const run of runs) {
      this.drop(placeOf(run).position);
      leaveWorker(run);
    }
    return runs;
  }

  /** The worker has passed the head. */
  shift(): void {
    if (this.entry(this.#head) !== undefined) this.drop(this.#head);
    this.#head = nextPosition(this.#head);
  }

  /** Leaves those that came in a batch as they are. */
  *list(): Iterable<ListedRun> {
    for (let position = this.#head; position !== this.#tail; position = nextPosition(position)) {
      const entry = this.entry(position);
      if (entry instanceof RunBatch) yield entry.listed(this.offset(position));
      else if (entry) yield entry;
    }
  }

  *[Symbol.iterator](): Iterator<TaskRun> {
    const { tail } = this;
    for (let position = this.#head; position !== tail; position = nextPosition(position)) {
      const run = this.at(position);
      if (run) yield run;
    }
  }
}
