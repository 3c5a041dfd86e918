import { ClosedError, type Inspection, InvalidOptionError, type Party } from "@quintet/core";
import {
  checkedWait,
  ParkingLot,
  Primitive,
  type Rules,
  runRules,
  typed,
  validateOptions,
  WaitList,
  type WaitOptions,
  waitRules,
  wholeNumber,
} from "@quintet/core/kit";
import type { PriorityQueue, PutOptions, QueueOptions, ShutdownOptions } from "./local-queue.ts";

/** Which of the items is next. */
export type QueueKind = "queue" | "lifoQueue" | "priorityQueue";

/** What somebody wants to put who waits for room. */
interface Offer<T> {
  readonly item: T;
  readonly priority: number | undefined;
}

/** The one class under the queues. */
export class ItemQueue<T> extends Primitive implements PriorityQueue<T> {
  readonly capacity: number;
  readonly #isLifo: boolean;
  readonly #items = new WaitList<T>();
  readonly #getters: ParkingLot<T> = new ParkingLot(this, "item");
  readonly #putters: ParkingLot<void, Offer<T>> = new ParkingLot(this, "room");
  readonly #joiners: ParkingLot = new ParkingLot(this, "end of all tasks");
  #unfinished = 0;
  /** What everybody gets who is too late; made when it is shut down. */
  #closedError: ClosedError | undefined;

  constructor(kind: QueueKind, options: QueueOptions = {}) {
    const { capacity = Infinity, ...rest } = options;
    super(kind, rest);
    this.#check(wholeNumber(1, true)(capacity, "capacity"));
    this.capacity = capacity;
    this.#isLifo = kind === "lifoQueue";
  }

  get size(): number {
    return this.#items.size;
  }

  get unfinished(): number {
    return this.#unfinished;
  }

  get closed(): boolean {
    return this.#closedError !== undefined;
  }

  put(item: T, options?: PutOptions): Promise<void> {
    try {
      const checked = this.#checkedPut(options);
      if (checked?.signal?.aborted) throw checked.signal.reason;
      const priority = checked?.priority;
      if (this.#add(item, priority)) return done;
      return this.#putters.park({ item, priority }, checked);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  tryPut(item: T, options?: PutOptions): boolean {
    return this.#add(item, this.#checkedPut(options)?.priority);
  }

  get(options?: WaitOptions): Promise<T> {
    try {
      const checked = checkedWait(this.name, options);
      if (checked?.signal?.aborted) throw checked.signal.reason;
      if (this.#items.size > 0) return Promise.resolve(this.#take());
      if (this.#closedError) throw this.#closedError;
      return this.#getters.park(undefined, checked);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  tryGet(): { readonly value: T } | undefined {
    return this.#items.size > 0 ? { value: this.#take() } : undefined;
  }

  taskDone(): void {
    this.#check(
      this.#unfinished === 0 ? "taskDone() was called more often than items were put" : undefined,
    );
    this.#finish(1);
  }

  async join(options?: WaitOptions): Promise<void> {
    const checked = checkedWait(this.name, options);
    checked?.signal?.throwIfAborted();
    if (this.#unfinished > 0) await this.#joiners.park(undefined, checked);
  }

  shutdown(options?: ShutdownOptions): void {
    const { immediate = false } = validateOptions(this.name, options, shutdownRules);
    this.#closedError ??= new ClosedError(`${this.name} is shut down.`);
    if (immediate) {
      const dropped = this.#items.size;
      while (this.#items.size > 0) this.#items.take();
      if (dropped > 0) this.#finish(Math.min(dropped, this.#unfinished));
    }
    this.#putters.refuseAll(this.#closedError);
    this.#getters.refuseAll(this.#closedError); // they wait only while there is no item
  }

  /** Gives the items until it is shut down. Each is taken when it is asked for. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined, void> {
    return {
      next: async () => {
        try {
          return { done: false, value: await this.get() };
        } catch (error) {
          if (error === this.#closedError) return { done: true, value: undefined };
          throw error; // an item was a promise that failed
        }
      },
    };
  }

  protected override state(): Inspection["state"] {
    const { capacity, size, unfinished, closed } = this;
    return { capacity, size, unfinished, closed };
  }

  protected override waiters(): Party[] {
    return [...this.#getters.parties(), ...this.#putters.parties(), ...this.#joiners.parties()];
  }

  /** Hands an item over, or keeps it where there is room. *Errors*: `CLOSED`. */
  #add(item: T, priority: number | undefined): boolean {
    if (this.#closedError) throw this.#closedError;
    const getter = this.#getters.first;
    if (!getter && this.#items.size >= this.capacity) return false;
    this.#unfinished++;
    if (getter) getter.grant(item);
    else this.#keep(item, priority);
    return true;
  }

  /** At the end, or where the last one is the next one to be taken, at the front. */
  #keep(item: T, priority: number | undefined): void {
    if (this.#isLifo) this.#items.rejoin(item, priority);
    else this.#items.join(item, priority);
  }

  /** Takes the next item; whoever is first to wait for room gets the room. */
  #take(): T {
    const item = this.#items.take() as T;
    const putter = this.#putters.first;
    if (putter) {
      this.#unfinished++;
      this.#keep(putter.want.item, putter.want.priority);
      putter.grant();
    }
    return item;
  }

  #finish(count: number): void {
    this.#unfinished -= count;
    if (this.#unfinished === 0) this.#joiners.grantAll();
  }

  #checkedPut(options: PutOptions | undefined): PutOptions | undefined {
    if (options === undefined) return undefined;
    if (this.kind === "priorityQueue") return validateOptions(this.name, options, putRules);
    return checkedWait(this.name, options);
  }

  #check(problem: string | undefined): void {
    if (problem) throw new InvalidOptionError(`${this.name}: ${problem}.`);
  }
}

const done = /* @__PURE__ */ Promise.resolve();

const putRules: Rules<PutOptions> = /* @__PURE__ */ (() => ({
  ...waitRules,
  priority: runRules.priority,
}))();

const shutdownRules: Rules<ShutdownOptions> = /* @__PURE__ */ (() => ({
  immediate: typed("boolean"),
}))();
