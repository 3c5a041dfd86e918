import type { Inspectable } from "@quintet/core";
import type { PrimitiveOptions, WaitOptions } from "@quintet/core/kit";

/** Options of the queues. */
export interface QueueOptions extends PrimitiveOptions {
  /** How many items it holds, from 1 up; who puts more waits. Default: `Infinity`. */
  readonly capacity?: number | undefined;
}

/** Options of `put` and `tryPut` of a queue with priorities. */
export interface PutOptions extends WaitOptions {
  /** Higher first. Default: 0. */
  readonly priority?: number | undefined;
}

/** How a queue is shut down. */
export interface ShutdownOptions {
  /** Drops the items in it, which count as done, instead of letting them be taken. Default: false. */
  readonly immediate?: boolean | undefined;
}

/** Items on their way from those who put them to those who get them. */
export interface LocalQueue<T, Put extends WaitOptions = WaitOptions>
  extends Inspectable, AsyncIterable<T, undefined, void> {
  readonly name: string;
  readonly capacity: number;
  /** How many items it holds. */
  readonly size: number;
  /** How many items were put and not yet said to be done. */
  readonly unfinished: number;
  readonly closed: boolean;
  /** Puts an item, when there is room for it. */
  put(item: T, options?: Put): Promise<void>;
  /** Puts an item if there is room now. *Errors*: `CLOSED`. */
  tryPut(item: T, options?: Pick<Put, Exclude<keyof Put, keyof WaitOptions>>): boolean;
  /** Takes the next item, when there is one. *Errors*: `CLOSED` once there will be none. */
  get(options?: WaitOptions): Promise<T>;
  /** Takes the next item if there is one now. */
  tryGet(): { readonly value: T } | undefined;
  /** Says that an item is done with. *Errors*: `INVALID_OPTION` when more are done than were put. */
  taskDone(): void;
  /** Resolves when everything that was put is done. */
  join(options?: WaitOptions): Promise<void>;
  /** Takes no further items; who waits for room is rejected. A second call does nothing, but for `immediate`. */
  shutdown(options?: ShutdownOptions): void;
}

/** A queue in which items have priorities. */
export interface PriorityQueue<T> extends LocalQueue<T, PutOptions> {}
