/**
 * Outcomes of a map that wait for its reader, in the order they are to be read, and where the reading ends
 * with an error.
 */
export class OutcomeBuffer {
  readonly #ordered: boolean;
  /** Those that can be read, and how many of the first ones were. */
  readonly #ready: unknown[] = [];
  #taken = 0;
  /** The index of the next one to be read, and of the one after all that can be. */
  #next = 0;
  #end = 0;
  /** Those that came before others that go before them, by the index of the first. */
  readonly #early = new Map<number, readonly unknown[]>();
  /** A task failed: what comes after it, or, unordered, is not there yet, does not count. */
  #cut: { readonly index: number; readonly error: unknown } | undefined;
  /** The input failed: everything before it still counts. */
  #failure: { readonly index: number; readonly error: unknown } | undefined;

  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  put(index: number, value: unknown): void {
    if (this.#ordered && index !== this.#end) {
      this.#early.set(index, [value]);
      return;
    }
    this.#ready.push(value);
    this.#end++;
    this.#join();
  }

  /** Takes those from this index on. */
  putAll(first: number, values: readonly unknown[]): void {
    if (this.#ordered && first !== this.#end) {
      this.#early.set(first, values);
      return;
    }
    this.#append(values);
    this.#join();
  }

  /** Whether the outcomes from this index on are the next to be read; counts so many as read then. */
  pass(index: number, count: number = 1): boolean {
    if (this.hasNext || (this.#ordered && index !== this.#end)) return false;
    this.#next += count;
    this.#end += count;
    this.#join();
    return true;
  }

  cutAt(index: number, error: unknown): void {
    if (!this.#cut || (this.#ordered && index < this.#cut.index)) this.#cut = { index, error };
  }

  failAt(index: number, error: unknown): void {
    this.#failure = { index, error };
  }

  /** Whether there are outcomes that do not count any more. */
  get isLimited(): boolean {
    return this.#cut !== undefined;
  }

  /** Whether the outcome of this index does not count any more. */
  isCut(index: number): boolean {
    return this.#cut !== undefined && (!this.#ordered || index > this.#cut.index);
  }

  /** Whether the next outcome to be read is there. */
  get hasNext(): boolean {
    return this.#next < this.#end;
  }

  /** The next outcome to be read; it must be there. */
  take(): unknown {
    const value = this.#ready[this.#taken];
    this.#ready[this.#taken++] = undefined;
    this.#next++;
    // Seldom, since it moves all the others.
    if (!this.hasNext) this.#ready.length = this.#taken = 0;
    else if (this.#taken >= 1_024 && this.#taken * 2 > this.#ready.length) {
      this.#ready.splice(0, this.#taken);
      this.#taken = 0;
    }
    return value;
  }

  /** All that can be read. */
  takeAll(): unknown[] {
    const values = this.#ready.splice(this.#taken);
    this.#ready.length = this.#taken = 0;
    this.#next = this.#end;
    return values;
  }

  /** The error the reading ends with, once nothing comes before it; `idle` when no task is under way. */
  failure(idle: boolean): { readonly error: unknown } | undefined {
    if (this.#cut && (!this.#ordered || this.#cut.index === this.#next)) return this.#cut;
    const isLast = idle && !this.hasNext && this.#early.size === 0;
    return isLast ? this.#failure : undefined;
  }

  #append(values: readonly unknown[]): void {
    for (let index = 0; index < values.length; index++) this.#ready.push(values[index]);
    this.#end += values.length;
  }

  /** What came early can be read as soon as nothing is missing before it. */
  #join(): void {
    for (let early = this.#early.get(this.#end); early; early = this.#early.get(this.#end)) {
      this.#early.delete(this.#end);
      this.#append(early);
    }
  }
}
