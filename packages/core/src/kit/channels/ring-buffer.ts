/** The length it begins with, and goes back to. */
const shortest = 16;
/** The longest that is kept when it runs empty. */
const longestKept = 4_096;

/**
 * Values in the order they came, in a ring that doubles when it is full.
 *
 * *Cost*: O(1) to add and to take, and no allocation but for growth.
 */
export class RingBuffer<T> {
  #items: (T | undefined)[] = [];
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(value: T): void {
    if (this.#size === this.#items.length) this.#grow();
    this.#items[(this.#head + this.#size++) & (this.#items.length - 1)] = value;
  }

  /** Takes the oldest; there has to be one. */
  shift(): T {
    const value = this.#items[this.#head] as T;
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    if (--this.#size === 0 && this.#items.length > longestKept) this.#items = [];
    return value;
  }

  /** The value at a place, 0 for the oldest. */
  at(index: number): T {
    return this.#items[(this.#head + index) & (this.#items.length - 1)] as T;
  }

  /** The length stays a power of two, so that a mask does what a division would. */
  #grow(): void {
    const { length } = this.#items;
    const items: (T | undefined)[] = [];
    for (let index = 0; index < length; index++) items.push(this.at(index));
    const longer = Math.max(shortest, length * 2);
    while (items.length < longer) items.push(undefined);
    this.#items = items;
    this.#head = 0;
  }
}
