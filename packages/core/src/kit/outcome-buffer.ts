/** Stands where an outcome is not there yet. */
const gap = Symbol("gap");

/**
 * Outcomes of a map that wait for its reader, in the order they are to be read, and where the reading ends
 * with an error.
 */
export class OutcomeBuffer {
  readonly #ordered: boolean;
  /** From the next one to be read on; with gaps where they are ordered. */
  readonly #values: unknown[] = [];
  /** How many of the first values were read already. */
  #taken = 0;
  #size = 0;
  /** Those that came, and those that were read. */
  #arrived = 0;
  #next = 0;
  /** A task failed: what comes after it, or, unordered, is not there yet, does not count. */
  #cut: { readonly index: number; readonly error: unknown } | undefined;
  /** The input failed: everything before it still counts. */
  #end: { readonly index: number; readonly error: unknown } | undefined;

  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  put(index: number, value: unknown): void {
    const place = (this.#ordered ? index : this.#arrived++) - this.#next + this.#taken;
    this.#size++;
    if (place === this.#values.length) {
      this.#values.push(value);
      return;
    }
    while (this.#values.length <= place) this.#values.push(gap);
    this.#values[place] = value;
  }

  /** Whether the outcome of this index is the next to be read; counts it as read then. */
  pass(index: number): boolean {
    if (this.#values.length > 0 || (this.#ordered && index !== this.#next)) return false;
    this.#arrived++;
    this.#next++;
    return true;
  }

  cutAt(index: number, error: unknown): void {
    if (!this.#cut || (this.#ordered && index < this.#cut.index)) this.#cut = { index, error };
  }

  failAt(index: number, error: unknown): void {
    this.#end = { index, error };
  }

  /** Whether the outcome of this index does not count any more. */
  isCut(index: number): boolean {
    return this.#cut !== undefined && (!this.#ordered || index > this.#cut.index);
  }

  /** Whether the next outcome to be read is there. */
  get hasNext(): boolean {
    return this.#taken < this.#values.length && this.#values[this.#taken] !== gap;
  }

  /** The next outcome to be read; it must be there. */
  take(): unknown {
    const value = this.#values[this.#taken];
    this.#values[this.#taken++] = undefined;
    this.#next++;
    this.#size--;
    // Seldom, since it moves all the others.
    if (this.#taken === this.#values.length) this.#values.length = this.#taken = 0;
    else if (this.#taken >= 1_024 && this.#taken * 2 > this.#values.length) this.#compact();
    return value;
  }

  /** The error the reading ends with, once nothing comes before it; `idle` when no task is under way. */
  failure(idle: boolean): { readonly error: unknown } | undefined {
    if (this.#cut && (!this.#ordered || this.#cut.index === this.#next)) return this.#cut;
    return this.#end && idle && this.#size === 0 ? this.#end : undefined;
  }

  #compact(): void {
    this.#values.splice(0, this.#taken);
    this.#taken = 0;
  }
}
