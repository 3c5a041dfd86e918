import { WaitLine, WaitPlace } from "./wait-line.ts";

/** A value's place in a wait list. */
export interface WaitNode<T> {
  readonly value: T;
}

class Node<T> extends WaitPlace implements WaitNode<T> {
  readonly value: T;

  constructor(value: T) {
    super();
    this.value = value;
  }
}

/**
 * Values in order: higher priority first, first come first within one. It is a `WaitLine` for values that
 * have no place of their own, or stand in several lists.
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
  readonly #line = new WaitLine<Node<T>>();

  get size(): number {
    return this.#line.size;
  }

  /** Joins at the end of its priority. */
  join(value: T, priority?: number): WaitNode<T> {
    const node = new Node(value);
    this.#line.join(node, priority);
    return node;
  }

  /** Joins among the first of its priority, behind those that `isBefore` holds for. *Cost*: O(1 + how many these are). */
  rejoin(value: T, priority?: number, isBefore?: (waiter: T) => boolean): WaitNode<T> {
    const node = new Node(value);
    this.#line.rejoin(node, priority, isBefore && ((other) => isBefore(other.value)));
    return node;
  }

  /** Joins right before another waiter, which is in the list. */
  joinBefore(value: T, waiter: WaitNode<T>): WaitNode<T> {
    const node = new Node(value);
    this.#line.joinBefore(node, waiter as Node<T>);
    return node;
  }

  /** Takes a waiter out, wherever it stands; false when it is not in the list any more. */
  leave(waiter: WaitNode<T>): boolean {
    return this.#line.leave(waiter as Node<T>);
  }

  /** The first value, which stays. */
  peek(): T | undefined {
    return this.#line.first?.value;
  }

  /** Takes the first value. */
  take(): T | undefined {
    const node = this.#line.first;
    if (!node) return undefined;
    this.#line.leave(node);
    return node.value;
  }

  /** Every value in order. *Cost*: sorts the priorities in use. */
  *[Symbol.iterator](): Iterator<T> {
    for (const { value } of this.#line) yield value;
  }
}
