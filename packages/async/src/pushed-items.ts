import { WaitList } from "@quintet/core/kit";

/** What is behind an iterator of pushed items. */
export interface PushSource {
  /** Called once, at the first `next()`. */
  start(): void;
  /** Called when a reader begins to wait; for sources that produce only on demand. */
  pull?(): void;
  /** Called once, when the consumer leaves before the end; what it waits for, the consumer waits for. */
  stop(): void | PromiseLike<void>;
}

type Step<Item> = IteratorResult<Item, undefined>;

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * An async iterator over what somebody else pushes.
 *
 * Written by hand, because the `return()` of an async generator waits behind a `next()` that is pending, and before
 * the first `next()` it runs no `finally`.
 */
export class PushedItems<Item> implements AsyncGenerator<Item, undefined, void> {
  readonly #source: PushSource;
  readonly #items = new WaitList<Item>();
  readonly #readers = new WaitList<PromiseWithResolvers<Step<Item>>>();
  #hasStarted = false;
  #hasEnded = false;
  #error: { readonly reason: unknown } | undefined;
  #left: Promise<Step<Item>> | undefined;

  constructor(source: PushSource) {
    this.#source = source;
  }

  /** Items that nobody has read yet. */
  get size(): number {
    return this.#items.size;
  }

  /** Calls of `next()` that wait. */
  get waiting(): number {
    return this.#readers.size;
  }

  push(item: Item): void {
    if (this.#hasEnded) return;
    const reader = this.#readers.take();
    if (reader) reader.resolve({ done: false, value: item });
    else this.#items.join(item);
  }

  /** Takes the oldest item away. */
  drop(): void {
    this.#items.take();
  }

  /** Nothing more comes; what was pushed is read first, then the error is thrown, once. */
  end(error?: { readonly reason: unknown }): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#error = error;
    for (let reader = this.#readers.take(); reader; reader = this.#readers.take()) {
      reader.resolve(this.#last());
    }
  }

  /** Ends at once; what was pushed is not read any more. */
  fail(reason: unknown): void {
    while (this.#items.size > 0) this.#items.take();
    this.end({ reason });
  }

  next(): Promise<Step<Item>> {
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      this.#source.start();
    }
    if (this.#items.size > 0) {
      return Promise.resolve({ done: false, value: this.#items.take() as Item });
    }
    if (this.#hasEnded) return this.#last();
    const reader = Promise.withResolvers<Step<Item>>();
    this.#readers.join(reader);
    this.#source.pull?.();
    return reader.promise;
  }

  return(): Promise<Step<Item>> {
    return (this.#left ??= this.#leave());
  }

  async throw(error: unknown): Promise<Step<Item>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #last(): Promise<Step<Item>> {
    const error = this.#error;
    this.#error = undefined;
    if (error) throw error.reason;
    return done;
  }

  async #leave(): Promise<Step<Item>> {
    const isRunning = this.#hasStarted && !this.#hasEnded;
    this.#hasStarted = true;
    while (this.#items.size > 0) this.#items.take();
    this.#error = undefined;
    this.end();
    if (isRunning) await this.#source.stop();
    return done;
  }
}
