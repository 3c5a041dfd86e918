import type { Inspectable, Inspection, Party } from "@quintet/core";
import type { ChannelName } from "@quintet/core/kit";

/** One who is told of each value that is added while it waits. */
export interface Listener {
  /** There is a value more, or the end. */
  wake(): void;
  /** Who waits there. */
  waiters(): Party[];
}

/** The last values of those that were ever added, numbered from 0. */
export class History<T> implements Inspectable {
  readonly name: ChannelName;
  readonly #capacity: number;
  readonly #slots: (T | undefined)[] = [];
  readonly #listeners = new Set<Listener>();
  /** The number the next value gets. */
  next = 0;
  closed = false;
  error: unknown;

  constructor(name: ChannelName, capacity: number) {
    this.name = name;
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

  inspect(): Inspection {
    const { name, receivers, closed } = this;
    const state = {
      capacity: this.#capacity,
      size: this.next - this.first,
      receivers,
      closed,
    };
    const waiters = [...this.#listeners].flatMap((listener) => listener.waiters());
    return { kind: name.kind, name: name.text, state, holders: [], waiters };
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
