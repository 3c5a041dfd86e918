import { isMoved } from "../../moved.ts";
import { joinStack } from "../errors/join-stack.ts";
import type { Ending, TaskRun } from "./task-run.ts";

/** Where an engine puts the items of a stream. */
export interface ItemSink {
  /** How many items may be under way before the producer is paused. */
  readonly window: number;
  push(item: unknown): void;
  /** Gives a promise while nobody wants an item: for a producer that has somebody else read ahead. */
  demand(): void | Promise<void>;
}

/** What a stream needs of its executor. */
export interface StreamSource {
  /** Starts the run; called once, at the first `next()`. `onSettled` may be called before it returns. */
  start(sink: ItemSink, onSettled: (ending: Ending) => void): TaskRun;
  /** Lets the producer send this many more. */
  grant(run: TaskRun, credits: number): void;
}

type Reader = PromiseWithResolvers<IteratorResult<unknown, unknown>>;

const over: Ending = { ok: true, value: undefined };

const leaving = (): DOMException => new DOMException("The stream was left.", "AbortError");

/**
 * The consumer's side of a stream. Written by hand, because a native async generator runs no `finally` when
 * it is left before its first `next()`, and waits for a pending `next()` before it can be left.
 */
export class ItemStream implements AsyncGenerator<unknown, unknown, void>, ItemSink {
  readonly window: number;
  readonly #source: StreamSource;
  readonly #items: unknown[] = [];
  readonly #readers: Reader[] = [];
  #wanted: PromiseWithResolvers<void> | undefined;
  #run: TaskRun | undefined;
  #started = false;
  #left = false;
  #ending: Ending | undefined;
  #consumed = 0;

  constructor(source: StreamSource, window: number) {
    this.#source = source;
    this.window = window;
  }

  push(pushed: unknown): void {
    if (this.#ending) return;
    const item = isMoved(pushed) ? pushed.value : pushed;
    const reader = this.#readers.shift();
    if (!reader) {
      this.#items.push(item);
      return;
    }
    reader.resolve({ done: false, value: item });
    this.#credit();
  }

  demand(): void | Promise<void> {
    if (this.#readers.length > 0 || this.#ending) return undefined;
    this.#wanted ??= Promise.withResolvers();
    return this.#wanted.promise;
  }

  next(): Promise<IteratorResult<unknown, unknown>> {
    if (!this.#started && !this.#ending) this.#start();
    if (this.#items.length > 0) {
      const value = this.#items.shift();
      this.#credit();
      return Promise.resolve({ done: false, value });
    }
    const reader: Reader = Promise.withResolvers();
    if (this.#ending) this.#answerLast(reader, this.#ending);
    else {
      this.#readers.push(reader);
      this.#tellWanted();
    }
    return reader.promise.then(undefined, joinStack);
  }

  /** Ends the producer and waits until it has ended. *Errors*: what its `finally` throws. */
  async return(value?: unknown): Promise<IteratorResult<unknown, unknown>> {
    await this.#leave(leaving());
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
    this.#started = true;
    this.#run = this.#source.start(this, (ending) => this.#end(ending));
    // A producer that starts at once may have made its consumer leave.
    if (this.#left) this.#run.cancel(leaving());
  }

  #end(ending: Ending): void {
    this.#ending ??= ending;
    for (const reader of this.#readers.splice(0)) this.#answerLast(reader, this.#ending);
    this.#tellWanted();
  }

  #tellWanted(): void {
    this.#wanted?.resolve();
    this.#wanted = undefined;
  }

  /** Gives the result or the error, once; after that the stream is simply over. */
  #answerLast(reader: Reader, { ok, value }: Ending): void {
    this.#ending = over;
    if (ok) reader.resolve({ done: true, value });
    else reader.reject(value);
  }

  async #leave(reason: unknown): Promise<void> {
    const isFirst = !this.#left;
    this.#left = true;
    this.#items.length = 0;
    this.#end(over);
    this.#ending = over;
    this.#run?.cancel(reason);
    const ending = await this.#run?.ended;
    // What settled the run is no news; that its function ended otherwise is, for the first who hears of it.
    if (isFirst && ending?.ok === false && ending.value !== this.#run?.ending?.value) {
      throw ending.value;
    }
  }

  // Half a window at a time: a credit message per item would double the traffic.
  #credit(): void {
    if (!this.#run || ++this.#consumed < Math.ceil(this.window / 2)) return;
    this.#source.grant(this.#run, this.#consumed);
    this.#consumed = 0;
  }
}
