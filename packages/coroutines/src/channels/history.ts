/** One who is told of each value that is added while it waits. */
export interface Listener {
  /** There is a value more, or the end. */
  wake(): void;
}

/** The last values of those that were ever added, numbered from 0. */
export class History<T> {
  readonly #capacity: number;
  readonly #slots: (T | undefined)[] = [];
  readonly #listeners = new Set<Listener>();
  /** The number the next value gets. */
  next = 0;
  closed = false;
  error: unknown;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get receivers(): number {
    return this.#listeners.size;
  }

  /** The number of the oldest value that is kept. */
  get first(): number {
    return Math.max(0, this.next - this.#capacity);
  }

  at(number: number): T {
    return this.#slots[number % this.#capacity] as T;
  }

  add(value: T): void {
    this.#slots[this.next++ % this.#capacity] = value;
    this.#wake();
  }

  close(error: unknown): void {
    if (this.closed) return;
    this.closed = true;
    this.error = error;
    this.#wake();
  }

  join(listener: Listener): void {
    this.#listeners.add(listener);
  }

  leave(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  #wake(): void {
    for (const listener of this.#listeners) listener.wake();
  }
}
