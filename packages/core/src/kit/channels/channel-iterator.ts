import type { ChannelWaitOptions } from "../../channel.ts";

/** What an iterator asks for values. */
export interface Receiving<T> {
  receive(options?: ChannelWaitOptions): Promise<IteratorResult<T, undefined>>;
}

/**
 * Receives until the end. Not an async generator, whose `return()` would wait for a value that may never come.
 */
export class ChannelIterator<T> implements AsyncIterableIterator<T, undefined, void> {
  readonly #channel: Receiving<T>;
  readonly #onLeft: (() => void) | undefined;
  #left = false;

  /** `onLeft` is called when a loop is left before the end. */
  constructor(channel: Receiving<T>, onLeft?: () => void) {
    this.#channel = channel;
    this.#onLeft = onLeft;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#left ? ended() : this.#channel.receive();
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#left = true;
    this.#onLeft?.();
    return ended();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const ended = (): Promise<IteratorResult<never, undefined>> =>
  Promise.resolve({ done: true, value: undefined });
