/** Inputs for a map that know how they are read. */
export class Supply<T> implements Iterable<T> {
  /** How many inputs were taken. */
  taken = 0;
  /** How often it was closed before its end. */
  closed = 0;
  readonly #make: (index: number) => T;
  readonly #length: number;

  /** Endless unless it has a length. `make` gives the input at an index. */
  constructor(make: (index: number) => T, length: number = Infinity) {
    this.#make = make;
    this.#length = length;
  }

  [Symbol.iterator](): Iterator<T> {
    return {
      next: () => {
        if (this.taken >= this.#length) return { done: true, value: undefined };
        return { done: false, value: this.#make(this.taken++) };
      },
      return: () => {
        this.closed++;
        return { done: true, value: undefined };
      },
    };
  }
}

/** The same, one turn of the event loop for each input; fails when it is asked for two at a time. */
export class LateSupply<T> implements AsyncIterable<T> {
  readonly supply: Supply<T>;
  #asked = false;

  constructor(make: (index: number) => T, length?: number) {
    this.supply = new Supply(make, length);
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    const iterator = this.supply[Symbol.iterator]();
    return {
      next: async () => {
        if (this.#asked) throw new Error("The input was asked for two values at a time.");
        this.#asked = true;
        await Promise.resolve();
        this.#asked = false;
        return iterator.next();
      },
      return: async () => iterator.return?.() ?? { done: true, value: undefined },
    };
  }
}

/** The whole numbers below `count`. */
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
