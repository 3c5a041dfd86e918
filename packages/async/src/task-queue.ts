import { WaitList, type WaitNode } from "@quintet/core/kit";
import type { Queue, QueueAddOptions, RunFunction } from "p-queue";

interface Waiter {
  readonly id: string;
  readonly priority: number;
  readonly start: RunFunction;
  readonly options: SlotOptions;
}

/** `add()` options as the queue gets them: p-queue's own copy, which it reads again when the task starts. */
export interface SlotOptions extends QueueAddOptions {
  signal?: AbortSignal | undefined;
}

/**
 * The queue p-queue works on. Its own is an array, linear for priorities out of order and for leaving;
 * this one is a wait list.
 */
export class TaskQueue implements Queue<RunFunction, SlotOptions> {
  readonly #list = new WaitList<Waiter>();
  readonly #nodes = new Map<string, WaitNode<Waiter>>();

  get size(): number {
    return this.#list.size;
  }

  enqueue(start: RunFunction, options: SlotOptions = {}): void {
    const { id = "", priority = 0 } = options;
    this.#join({ id, priority, start, options });
  }

  // p-queue frees the slot of a task whose signal aborts, although its function still runs. It asks for the
  // signal again when the task starts; from then on there is none.
  dequeue(): RunFunction | undefined {
    const waiter = this.#list.take();
    if (!waiter) return undefined;
    this.#nodes.delete(waiter.id);
    waiter.options.signal = undefined;
    return waiter.start;
  }

  remove(id: string): void {
    const node = this.#nodes.get(id);
    if (!node) return;
    this.#nodes.delete(id);
    this.#list.leave(node);
  }

  setPriority(id: string, priority: number): void {
    const node = this.#nodes.get(id);
    if (!node) return;
    this.#list.leave(node);
    this.#join({ ...node.value, priority });
  }

  filter({ priority }: Readonly<Partial<SlotOptions>>): RunFunction[] {
    return [...this.#list]
      .filter((waiter) => waiter.priority === priority)
      .map((waiter) => waiter.start);
  }

  #join(waiter: Waiter): void {
    this.#nodes.set(waiter.id, this.#list.join(waiter, waiter.priority));
  }
}
