type Step = IteratorResult<unknown, undefined>;

const over: Step = { done: true, value: undefined };

/** Fewer results than these are moved one by one. */
const fewest = 64;

/** So many arrays are joined in one call. */
const mostJoined = 1_000;

/** Who waits for results of a map: readers, one result each, or a collector of all. */
export class MapReaders {
  readonly #readers: PromiseWithResolvers<Step>[] = [];
  /** What is collected: first these, then what came since one by one. */
  #parts: (readonly unknown[])[] = [];
  #last: unknown[] = [];
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
    this.#collector = Promise.withResolvers();
    return this.#collector.promise;
  }

  /** Hands a result to the first who waits; there must be one. */
  hand(value: unknown): void {
    if (this.#collector) this.#last.push(value);
    else this.#readers.shift()?.resolve({ done: false, value });
  }

  /** Hands results to the collector of all, which keeps the array; gives how many. */
  handAll(values: readonly unknown[]): number {
    if (values.length < fewest) for (const value of values) this.#last.push(value);
    else {
      this.#closeLast();
      this.#parts.push(values);
    }
    return values.length;
  }

  /** Hands an error to the first who waits. */
  fail(error: unknown): void {
    if (this.#collector) this.#collector.reject(error);
    else this.#readers.shift()?.reject(error);
  }

  /** Nothing follows. */
  end(): void {
    for (const reader of this.#readers.splice(0)) reader.resolve(over);
    this.#closeLast();
    this.#collector?.resolve(joined(this.#parts.splice(0)));
    this.#collector = undefined;
  }

  #closeLast(): void {
    if (this.#last.length > 0) this.#parts.push(this.#last);
    this.#last = [];
  }
}

/** All elements of arrays, which is many times as fast as moving each. */
function joined(arrays: readonly (readonly unknown[])[]): unknown[] {
  if (arrays.length <= mostJoined) return new Array<unknown>().concat(...arrays);
  const larger: unknown[][] = [];
  for (let at = 0; at < arrays.length; at += mostJoined)
    larger.push(joined(arrays.slice(at, at + mostJoined)));
  return joined(larger);
}
