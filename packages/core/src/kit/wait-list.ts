/** A value's place in a wait list. */
export interface WaitNode<T> {
  readonly value: T;
}

class Node<T> implements WaitNode<T> {
  previous: Node<T> | undefined;
  next: Node<T> | undefined;
  level: Level<T> | undefined;
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }
}

/** The values of one priority, first come first. */
interface Level<T> {
  readonly priority: number;
  first: Node<T> | undefined;
  last: Node<T> | undefined;
}

/**
 * Waiters in order: higher priority first, first come first within one. The only queue in Quintet.
 *
 * A FIFO list per distinct priority, and a binary heap of the priorities in use.
 *
 * *Cost*: O(1) to join, to leave from anywhere and to take the first, while the number of distinct
 * priorities stays small; O(log p) with p of them.
 *
 * @example
 * ```ts
 * import { WaitList } from "@quintet/core/kit";
 *
 * const list = new WaitList<string>();
 * const a = list.join("a");
 * list.join("b");
 * list.join("urgent", 10);
 * list.leave(a);
 * console.log([...list]); // => [ 'urgent', 'b' ]
 * console.log(list.take()); // => urgent
 * ```
 */
export class WaitList<T> implements Iterable<T> {
  #size = 0;
  /** Heap by priority, largest first. A level that runs empty stays until it surfaces or too many did. */
  #heap: Level<T>[] = [];
  #empty = 0;
  readonly #levels = new Map<number, Level<T>>();

  get size(): number {
    return this.#size;
  }

  /** Joins at the end of its priority. */
  join(value: T, priority: number = 0): WaitNode<T> {
    const level = this.#level(priority);
    return this.#link(value, level, undefined);
  }

  /**
   * Joins among the first of its priority: a waiter that had its turn taken back, behind those that `isBefore` holds
   * for. *Cost*: O(1 + how many these are).
   */
  rejoin(
    value: T,
    priority: number = 0,
    isBefore: (waiter: T) => boolean = () => false,
  ): WaitNode<T> {
    const level = this.#level(priority);
    let next = level.first;
    while (next && isBefore(next.value)) next = next.next;
    return this.#link(value, level, next);
  }

  /** Joins right before another waiter, which is in the list. */
  joinBefore(value: T, waiter: WaitNode<T>): WaitNode<T> {
    const next = waiter as Node<T>;
    return this.#link(value, next.level as Level<T>, next);
  }

  /** Takes a waiter out, wherever it stands; false when it is not in the list any more. */
  leave(waiter: WaitNode<T>): boolean {
    const node = waiter as Node<T>;
    const { level, previous, next } = node;
    if (!level) return false;
    if (previous) previous.next = next;
    else level.first = next;
    if (next) next.previous = previous;
    else level.last = previous;
    node.previous = node.next = node.level = undefined;
    this.#size--;
    if (!level.first && ++this.#empty > 32 && this.#empty > this.#heap.length / 2) this.#compact();
    return true;
  }

  /** The first value, which stays. */
  peek(): T | undefined {
    return this.#first()?.value;
  }

  /** Takes the first value. */
  take(): T | undefined {
    const node = this.#first();
    if (!node) return undefined;
    this.leave(node);
    return node.value;
  }

  /** Every value in order. *Cost*: sorts the priorities in use. */
  *[Symbol.iterator](): Iterator<T> {
    const levels = this.#heap.toSorted((a, b) => b.priority - a.priority);
    for (const level of levels) {
      for (let node = level.first; node; node = node.next) yield node.value;
    }
  }

  /** Puts a value before a node, or at the end of its level. */
  #link(value: T, level: Level<T>, next: Node<T> | undefined): Node<T> {
    const node = new Node(value);
    const previous = next ? next.previous : level.last;
    node.level = level;
    node.next = next;
    node.previous = previous;
    if (!level.first) this.#empty--;
    if (previous) previous.next = node;
    else level.first = node;
    if (next) next.previous = node;
    else level.last = node;
    this.#size++;
    return node;
  }

  #level(priority: number): Level<T> {
    let level = this.#levels.get(priority);
    if (!level) {
      level = { priority, first: undefined, last: undefined };
      this.#levels.set(priority, level);
      this.#siftUp(level);
      this.#empty++;
    }
    return level;
  }

  #first(): Node<T> | undefined {
    if (this.#size === 0) return undefined;
    for (;;) {
      const top = this.#heap[0];
      if (!top || top.first) return top?.first;
      this.#removeTop(top);
    }
  }

  /** Drops the empty levels; a sorted array is a heap. */
  #compact(): void {
    this.#heap = this.#heap.filter((level) => level.first).sort((a, b) => b.priority - a.priority);
    this.#levels.clear();
    for (const level of this.#heap) this.#levels.set(level.priority, level);
    this.#empty = 0;
  }

  #siftUp(level: Level<T>): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Level<T>;
      if (above.priority >= level.priority) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = level;
  }

  #removeTop(top: Level<T>): void {
    const heap = this.#heap;
    this.#levels.delete(top.priority);
    this.#empty--;
    const last = heap.pop() as Level<T>;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.priority > heap[child]!.priority) child++;
      if (heap[child]!.priority <= last.priority) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}
