import type {
  Channel,
  ChannelOptions,
  ChannelWaitOptions,
  Inspectable,
  Selectable,
} from "@quintet/core";
import type { Reservation } from "@quintet/core/kit";
import type { Sender } from "./sender.ts";

/** Options of `channel`. */
export interface LocalChannelOptions<T> extends ChannelOptions {
  /** For inspections. Default: `"channel"` and a number, as in `"channel#3"`. */
  readonly name?: string | undefined;
  /**
   * Told of each value that was given away and that nobody will receive: it was dropped by `overflow`, waited
   * when the channel was cancelled, or its `send` was rejected. Called once for each, so that what a value holds
   * can be released. Should not throw: what it throws is reported as an uncaught error.
   */
  readonly onUndelivered?: ((value: T) => void) | undefined;
}

/** How many wait at a channel. */
export interface ChannelWaiters {
  readonly senders: number;
  readonly receivers: number;
}

/** The side of a channel that values come out of. Leaving a loop over it early leaves it open for other receivers. */
export interface ReceiveChannel<T> extends AsyncIterable<T, undefined, void> {
  /** The next value, or `done` at the end. */
  receive(options?: ChannelWaitOptions): Promise<IteratorResult<T, undefined>>;
  /** Receives if it need not wait. */
  tryReceive(): IteratorResult<T, undefined> | undefined;
  /** An arm for `select`: ready when there is a value, and at the end. */
  receiving(): Selectable<IteratorResult<T, undefined>>;
  /** Ends it and throws away what waits; receivers get the end, or the reason if there is one. A second call does nothing. */
  cancel(reason?: unknown): void;
}

/** A side of a channel that belongs to one receiver: leaving a loop over it early cancels it. */
export interface OwnReceiveChannel<T> extends ReceiveChannel<T>, Disposable {}

/** A channel between coroutines of one thread; made by `channel()`. */
export interface LocalChannel<T> extends Channel<T>, ReceiveChannel<T>, Inspectable {
  readonly name: string;
  readonly capacity: number;
  /** How many values are in the buffer. */
  readonly size: number;
  readonly waiting: ChannelWaiters;
  /** Sends if it need not wait; false when it would have to, or the channel is closed. The caller keeps the value then. */
  trySend(value: T): boolean;
  /** An arm for `select`: ready when the value can be handed over or buffered. A value of an arm that loses was never sent. */
  sending(value: T): Selectable<void>;
  /** Waits for room and holds it, for a value that is made only then, or must not be lost. */
  reserve(options?: ChannelWaitOptions): Promise<Reservation<T>>;
  /** Reserves if it need not wait. */
  tryReserve(): Reservation<T> | undefined;
  /** A sender of its own. When the last one that was made has closed, so does the channel. */
  sender(): Sender<T>;
}
