import { InvalidOptionError, type Selectable } from "@quintet/core";
import { type Received, reportUncaught } from "@quintet/core/kit";
import { channel } from "./channel.ts";
import type { LocalChannel, ReceiveChannel } from "./local-channel.ts";
import { ReceiveSide } from "./receive-side.ts";

/** Where values come from: a channel, or anything that can be iterated. */
export type Source<T> = ReceiveChannel<T> | AsyncIterable<T> | Iterable<T>;

/** A channel as it is; anything else behind a channel, read one value ahead. *Errors*: `INVALID_OPTION`. */
export function channelOf<T>(source: Source<T>): ReceiveChannel<T> {
  const { receiving } = Object(source) as Partial<ReceiveChannel<T>>;
  if (typeof receiving === "function") return source as ReceiveChannel<T>;
  return new IterableChannel(iteratorOf(source));
}

function iteratorOf<T>(source: Source<T>): AsyncIterator<T> {
  const iterable = Object(source) as Source<T>;
  if (Symbol.asyncIterator in iterable) return iterable[Symbol.asyncIterator]();
  if (Symbol.iterator in iterable) return awaiting(iterable[Symbol.iterator]());
  throw new InvalidOptionError(
    `A source must be a channel or an iterable, got ${source === null ? "null" : typeof source}.`,
  );
}

/** A sync iterator as `for await` uses it: promises are awaited. */
function awaiting<T>(iterator: Iterator<T>): AsyncIterator<T> {
  return {
    next: async () => {
      const { done, value } = iterator.next();
      return done ? { done, value: undefined } : { done: false, value: await value };
    },
    return: async () => {
      iterator.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** Reads an iterable into a channel, as fast as somebody receives. */
class IterableChannel<T> extends ReceiveSide<T> {
  readonly #channel: LocalChannel<T> = channel<T>();
  readonly #iterator: AsyncIterator<T>;
  #over = false;

  constructor(iterator: AsyncIterator<T>) {
    super("channel");
    this.#iterator = iterator;
    void this.#read();
  }

  receiving(): Selectable<Received<T>> {
    return this.#channel.receiving();
  }

  // Does not wait for the iterator to return: a generator does that only after its next value, which may never come.
  cancel(reason?: unknown): void {
    this.#channel.cancel(reason);
    if (this.#over) return;
    this.#over = true;
    this.#return().catch(reportUncaught);
  }

  async #return(): Promise<void> {
    await this.#iterator.return?.();
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const result = await this.#iterator.next();
        if (result.done) break;
        await this.#channel.send(result.value);
      }
      this.#over = true;
      this.#channel.close();
    } catch (error) {
      this.#over = true;
      this.#channel.close(error);
    }
  }
}
