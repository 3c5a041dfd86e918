/** A place in a wait line. Extend it by what waits, so that a waiter is one object. */
export class WaitPlace {
  /** @internal */ previous: WaitPlace | undefined = undefined;
  /** @internal */ next: WaitPlace | undefined = undefined;
  /** Its priority in the line, if it is in one. */
  level: Level | undefined = undefined;

  /** Whether it is in a line. */
  get isWaiting(): boolean {
    return this.level !== undefined;
  }
}

/** The places of one priority, first come first. */
interface Level {
  readonly priority: number;
  first: WaitPlace | undefined;
  last: WaitPlace | undefined;
}

/**
 * Waiters in order: higher priority first, first come first within one. The only queue in Quintet;
 * `WaitList` is the same for values that have no place of their own.
 *
 * A FIFO list per distinct priority, and a binary heap of the priorities in use.
 *
 * *Cost*: O(1) to join, to leave from anywhere and to take the first, while the number of distinct
 * priorities stays small; O(log p) with p of them. Nothing is allocated for a waiter.
 *
 * @example
 * ```ts
 * import { WaitLine, WaitPlace } from "@quintet/core/kit";
 *
 * class Guest extends WaitPlace {
 *   name = "";
 * }
 * const line = new WaitLine<Guest>();
 * const ada = Object.assign(new Guest(), { name: "Ada" });
 * line.join(ada);
 * line.join(Object.assign(new Guest(), { name: "Bob" }));
 * line.leave(ada);
 * console.log(line.first?.name, line.size); // => Bob 1
 * ```
 */
export class WaitLine<Place extends WaitPlace> implements Iterable<Place> {
  #size = 0;
  /** Heap by priority, largest first. A level that runs empty stays until it surfaces or too many did. */
  #heap: Level[] = [];
  #empty = 0;
  readonly #levels = new Map<number, Level>();
  /** Where the last one joined: most lines have one priority. */
  #recent: Level | undefined = undefined;

  get size(): number {
    return this.#size;
  }

  /** The first, which stays. */
  get first(): Place | undefined {
    if (this.#size === 0) return undefined;
    for (;;) {
      const top = this.#heap[0];
      if (!top || top.first) return top?.first as Place | undefined;
      this.#removeTop(top);
    }
  }

  /** Takes the first one out. */
  take(): Place | undefined {
    const place = this.first;
    if (place) this.leave(place);
    return place;
  }

  /** Joins at the end of its priority. */
  join(place: Place, priority: number = 0): void {
    const level = this.#levelOf(priority);
    const { last } = level;
    place.level = level;
    place.previous = last;
    if (last) last.next = place;
    else {
      level.first = place;
      this.#empty--;
    }
    level.last = place;
    this.#size++;
  }

  /**
   * Joins among the first of its priority: one that had its turn taken back, behind those that `isBefore` holds for.
   * *Cost*: O(1 + how many these are).
   */
  rejoin(
    place: Place,
    priority: number = 0,
    isBefore: (other: Place) => boolean = () => false,
  ): void {
    let { first: next } = this.#levelOf(priority);
    while (next && isBefore(next as Place)) ({ next } = next);
    if (next) this.joinBefore(place, next as Place);
    else this.join(place, priority);
  }

  /** Joins right before another one, which is in the line. */
  joinBefore(place: Place, next: Place): void {
    const level = next.level as Level;
    place.level = level;
    place.next = next;
    place.previous = next.previous;
    if (next.previous) next.previous.next = place;
    else level.first = place;
    next.previous = place;
    this.#size++;
  }

  /** Takes one out, wherever it stands; false when it is not in the line any more. */
  leave(place: Place): boolean {
    const { level, previous, next } = place;
    if (level === undefined) return false;
    if (previous) previous.next = next;
    else level.first = next;
    if (next) next.previous = previous;
    else level.last = previous;
    place.previous = place.next = place.level = undefined;
    this.#size--;
    if (!level.first && ++this.#empty > 32 && this.#empty > this.#heap.length / 2) this.#compact();
    return true;
  }

  /** The first one, which goes behind the others of its priority and stays: for those that take turns. */
  rotate(): Place | undefined {
    const { first } = this;
    if (!first?.next) return first;
    const level = first.level as Level;
    const last = level.last as WaitPlace;
    level.first = first.next;
    first.next.previous = undefined;
    first.next = undefined;
    first.previous = last;
    last.next = level.last = first;
    return first;
  }

  /** Everyone in order. *Cost*: sorts the priorities in use. */
  *[Symbol.iterator](): Iterator<Place> {
    const levels = this.#heap.toSorted((a, b) => b.priority - a.priority);
    for (const level of levels) {
      for (let place = level.first; place; place = place.next) yield place as Place;
    }
  }

  #levelOf(priority: number): Level {
    const recent = this.#recent;
    return recent !== undefined && recent.priority === priority ? recent : this.#level(priority);
  }

  #level(priority: number): Level {
    let level = this.#levels.get(priority);
    if (!level) {
      level = { priority, first: undefined, last: undefined };
      this.#levels.set(priority, level);
      this.#siftUp(level);
      this.#empty++;
    }
    this.#recent = level;
    return level;
  }

  /** Drops the empty levels; a sorted array is a heap. */
  #compact(): void {
    this.#heap = this.#heap.filter((level) => level.first).sort((a, b) => b.priority - a.priority);
    this.#levels.clear();
    for (const level of this.#heap) this.#levels.set(level.priority, level);
    this.#empty = 0;
    this.#recent = undefined;
  }

  #siftUp(level: Level): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Level;
      if (above.priority >= level.priority) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = level;
  }

  #removeTop(top: Level): void {
    const heap = this.#heap;
    this.#levels.delete(top.priority);
    this.#empty--;
    this.#recent = undefined;
    const last = heap.pop() as Level;
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
