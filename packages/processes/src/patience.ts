import { isBefore, type Position } from "@quintet/pool/wire";

/** Up to where the file was written; which patience was the last to end. */
const Cell = { written: 0, over: 1 } as const;

/**
 * Whether the pool is patient: then answers may stay in the file, and it is told of many together. Each patience has a
 * number, one higher than the last, which runs bring along; the pool ends one by its number through the other thread, because this one may be
 * blocked by a task.
 */
export class Patience {
  readonly #cells: Int32Array;
  #number = 0;

  /** In memory of two cells that both threads have. */
  constructor(cells: Int32Array) {
    this.#cells = cells;
  }

  /** The runs that came last say with which patience; 0 stands for none. */
  begin(number: number): void {
    this.#number = number;
  }

  get lasts(): boolean {
    // Runs may come after the end of their patience, and after that of a later one.
    return this.#number !== 0 && isBefore(Atomics.load(this.#cells, Cell.over), this.#number);
  }

  /**
   * All answers before a position that are not told in the pipe are in the file. `lasts` is to be asked again after
   * this: whoever ends it either sees these, or is seen.
   */
  written(position: Position): void {
    Atomics.store(this.#cells, Cell.written, position);
  }

  /** Ends one, in the other thread; gives up to where was written. */
  end(number: number): Position {
    Atomics.store(this.#cells, Cell.over, number);
    return Atomics.load(this.#cells, Cell.written);
  }
}
