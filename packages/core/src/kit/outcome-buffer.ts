/**
 * Outcomes of a map that wait for its reader, in the order they are to be read, and where the reading ends
 * with an error.
 */
export class OutcomeBuffer {
  readonly #ordered: boolean;
  readonly #values = new Map<number, unknown>();
  #next = 0;
  /** A task failed: what comes after it, or, unordered, is not there yet, does not count. */
  #cut: { readonly index: number; readonly error: unknown } | undefined;
  /** The input failed: everything before it still counts. */
  #end: { readonly index: number; readonly error: unknown } | undefined;

  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  put(index: number, value: unknown): void {
    this.#values.set(index, value);
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

  /** The next outcome to be read, if it is there. */
  take(): { readonly value: unknown } | undefined {
    const [first] = this.#ordered ? [this.#next] : this.#values.keys();
    if (first === undefined || !this.#values.has(first)) return undefined;
    const value = this.#values.get(first);
    this.#values.delete(first);
    this.#next++;
    return { value };
  }

  /** The error the reading ends with, once nothing comes before it; `idle` when no task is under way. */
  failure(idle: boolean): { readonly error: unknown } | undefined {
    if (this.#cut && (!this.#ordered || this.#cut.index === this.#next)) return this.#cut;
    return this.#end && idle && this.#values.size === 0 ? this.#end : undefined;
  }
}
