type Step = IteratorResult<unknown, undefined>;

const over: Step = { done: true, value: undefined };

/** Who waits for results of a map: readers, one result each, or a collector of all. */
export class MapReaders {
  readonly #readers: PromiseWithResolvers<Step>[] = [];
  #collected: unknown[] | undefined;
  #collector: PromiseWithResolvers<unknown[]> | undefined;

  /** Whether anybody waits. */
  get waiting(): boolean {
    return this.#readers.length > 0 || this.#collector !== undefined;
  }

  /** Whether all there are is waited for. */
  get collecting(): boolean {
    return this.#collector !== undefined;
  }

  /** Waits for one result. */
  next(): Promise<Step> {
    const reader = Promise.withResolvers<Step>();
    this.#readers.push(reader);
    return reader.promise;
  }

  /** Waits for all there are. */
  collect(): Promise<unknown[]> {
    this.#collected = [];
    this.#collector = Promise.withResolvers();
    return this.#collector.promise;
  }

  /** Hands a result to the first who waits; there must be one. */
  hand(value: unknown): void {
    if (this.#collected) this.#collected.push(value);
    else this.#readers.shift()?.resolve({ done: false, value });
  }

  /** Hands results to the collector of all; gives how many. */
  handAll(values: readonly unknown[]): number {
    const { length } = values;
    for (let index = 0; index < length; index++) this.#collected?.push(values[index]);
    return length;
  }

  /** Hands an error to the first who waits. */
  fail(error: unknown): void {
    if (this.#collector) this.#collector.reject(error);
    else this.#readers.shift()?.reject(error);
  }

  /** Nothing follows. */
  end(): void {
    for (const reader of this.#readers.splice(0)) reader.resolve(over);
    this.#collector?.resolve(this.#collected ?? []);
    this.#collector = this.#collected = undefined;
  }
}
