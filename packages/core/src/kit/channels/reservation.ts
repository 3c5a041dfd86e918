import { ChannelClosedError } from "../../errors.ts";

/** What a reservation needs of its channel. */
export interface ReservedChannel<T> {
  /** Uses up a slot. False when the channel was cancelled meanwhile, and the value is reported as undelivered. */
  fill(value: T): boolean;
  /** Gives a slot back. */
  vacate(): void;
  /** The error for whoever sends now. */
  refusal(): Error;
}

/**
 * Room for one value, held until it is used or given back; made by `channel.reserve()`.
 * The end of a closed channel is seen after what was reserved before.
 */
export class Reservation<T> implements Disposable {
  #channel: ReservedChannel<T> | undefined;

  /** Made by `channel.reserve()`. */
  constructor(channel: ReservedChannel<T>) {
    this.#channel = channel;
  }

  /**
   * Sends, without waiting: there is room.
   *
   * *Errors*: `CHANNEL_CLOSED` when the channel was cancelled, or this was used up or released.
   */
  send(value: T): void {
    const channel = this.#channel;
    this.#channel = undefined;
    if (!channel) throw new ChannelClosedError("This reservation is used up: reserve again.");
    if (!channel.fill(value)) throw channel.refusal();
  }

  /** Gives the room to the next who waits; does nothing when it is used up or released. */
  release(): void {
    const channel = this.#channel;
    this.#channel = undefined;
    channel?.vacate();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
