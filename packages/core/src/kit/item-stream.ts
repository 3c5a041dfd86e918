import { joinStack } from "./join-stack.ts";
import type { Ending, TaskRun } from "./task-run.ts";

/** Where an engine puts the items of a stream. */
export interface ItemSink {
  /** How many items may be under way before the producer is paused. */
  readonly window: number;
  push(item: unknown): void;
}

/** What a stream needs of its executor. */
export interface StreamSource {
  /** Starts the run; called once, at the first `next()`. `onSettled` may be called before it returns. */
  start(sink: ItemSink, onSettled: (ending: Ending) => void): TaskRun;
  /** Lets the producer send this many more. */
  grant(run: TaskRun, credits: number): void;
}

/**
 * The consumer's side of a stream. Written by hand, because a native async generator runs no `finally` when
 * it is left before its first `next()`, and waits for a pending `next()` before it can be left.
 */
export class ItemStream implements AsyncGenerator<unknown, unknown, void>, ItemSink {
  readonly window: number;
  readonly #source: StreamSource;
  readonly #items: unknown[] = [];
  readonly #readers: PromiseWithResolvers<IteratorResult<unknown, unknown>>[] = [];
  #run: TaskRun | undefined;
  #ending: Ending | undefined;
  #consumed = 0;

  constructor(source: StreamSource, window: number) {
    this.#source = source;
    this.window = window;
  }

  push(item: unknown): void {
    if (this.#ending) return;
    const reader = this.#readers.shift();
    if (!reader) {
      this.#items.push(item);
      return;
    }
    reader.resolve({ done: false, value: item });
    this.#credit();
  }

  next(): Promise<IteratorResult<unknown, unknown>> {
    if (!this.#run && !this.#ending) this.#start();
    if (this.#items.length > 0) {
      const value = this.#items.shift();
      this.#credit();
      return Promise.resolve({ done: false, value });
    }
    if (this.#ending) return this.#last(this.#ending);
    const reader = Promise.withResolvers<IteratorResult<unknown, unknown>>();
    this.#readers.push(reader);
    return reader.promise;
  }

  /** Ends the producer and waits until it has ended. *Errors*: what its `finally` throws. */
  async return(value?: unknown): Promise<IteratorResult<unknown, unknown>> {
    const reason = new DOMException("The stream was left.", "AbortError");
    await this.#leave(reason);
    return { done: true, value };
  }

  async throw(error: unknown): Promise<IteratorResult<unknown, unknown>> {
    await this.#leave(error);
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #start(): void {
    this.#run = this.#source.start(this, (ending) => this.#end(ending));
  }

  #end(ending: Ending): void {
    this.#ending ??= ending;
    for (const reader of this.#readers.splice(0)) reader.resolve(this.#last(this.#ending));
  }

  /** The result or the error, once; after that the stream is simply over. */
  #last(ending: Ending): Promise<IteratorResult<unknown, unknown>> {
    this.#ending = { ok: true, value: undefined };
    return ending.ok
      ? Promise.resolve({ done: true, value: ending.value })
      : Promise.reject(ending.value as Error).catch(joinStack);
  }

  async #leave(reason: unknown): Promise<void> {
    const run = this.#run;
    this.#items.length = 0;
    if (!run || this.#ending) {
      this.#end({ ok: true, value: undefined });
      this.#ending = { ok: true, value: undefined };
      return;
    }
    this.#end({ ok: true, value: undefined });
    run.cancel(reason);
    const ending = await run.ended;
    if (!ending.ok && ending.value !== reason) throw ending.value;
  }

  // Half a window at a time: a credit message per item would double the traffic.
  #credit(): void {
    if (!this.#run || ++this.#consumed < Math.ceil(this.window / 2)) return;
    this.#source.grant(this.#run, this.#consumed);
    this.#consumed = 0;
  }
}
