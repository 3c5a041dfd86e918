import { ChannelClosedError, type ChannelWaitOptions, type Selectable } from "@quintet/core";
import type { LocalChannel } from "./local-channel.ts";
import type { Reservation } from "@quintet/core/kit";

/** How many senders of a channel are open. */
export interface SenderCount {
  open: number;
}

/** One of several senders of a channel, which ends with the last of them; made by `channel.sender()`. */
export class Sender<T> implements Disposable {
  readonly #channel: LocalChannel<T>;
  readonly #count: SenderCount;
  #closed = false;

  /** Made by `channel.sender()`. */
  constructor(channel: LocalChannel<T>, count: SenderCount) {
    this.#channel = channel;
    this.#count = count;
    count.open++;
  }

  /** Whether this sender or the channel is closed. */
  get closed(): boolean {
    return this.#closed || this.#channel.closed;
  }

  /** As the channel's. *Errors*: `CHANNEL_CLOSED` also when only this sender is closed; the caller keeps the value. */
  send(value: T, options?: ChannelWaitOptions): Promise<void> {
    return this.#closed ? Promise.reject(refusal()) : this.#channel.send(value, options);
  }

  /** Sends if it need not wait. */
  trySend(value: T): boolean {
    return !this.#closed && this.#channel.trySend(value);
  }

  /** An arm for `select`. *Errors*: `CHANNEL_CLOSED`. */
  sending(value: T): Selectable<void> {
    if (this.#closed) throw refusal();
    return this.#channel.sending(value);
  }

  /** Waits for room and holds it. */
  reserve(options?: ChannelWaitOptions): Promise<Reservation<T>> {
    return this.#closed ? Promise.reject(refusal()) : this.#channel.reserve(options);
  }

  /** Another sender of the same channel. *Errors*: `CHANNEL_CLOSED`. */
  clone(): Sender<T> {
    if (this.#closed) throw refusal();
    return new Sender(this.#channel, this.#count);
  }

  /**
   * Closes this sender, and with the last one the channel; a second call does nothing.
   * An error closes the channel at once, for all: what failed is not to be waited for.
   */
  close(error?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    if (--this.#count.open === 0 || error !== undefined) this.#channel.close(error);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const refusal = (): ChannelClosedError =>
  new ChannelClosedError("This sender is closed: clone it before it closes, or make another.");
