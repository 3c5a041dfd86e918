/** What a full channel does with another value. */
export type Overflow = "block" | "drop-oldest" | "drop-newest" | "error";

/** Options of a channel. */
export interface ChannelOptions {
  /** How many values may wait; 0 is a rendezvous. Default: 0. */
  readonly capacity?: number | undefined;
  /** Default: `"block"`. */
  readonly overflow?: Overflow | undefined;
}

/** Options of `send` and `receive`. */
export interface ChannelWaitOptions {
  /** Stops waiting; no value is lost. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Hands values from senders to receivers.
 *
 * *Ordering*: per sender. Values sent before `close` are received before its end is seen.
 */
export interface Channel<T> extends AsyncIterable<T, undefined, void> {
  readonly closed: boolean;
  send(value: T, options?: ChannelWaitOptions): Promise<void>;
  /** The next value, or `done` at the end. */
  receive(options?: ChannelWaitOptions): Promise<IteratorResult<T, undefined>>;
  /** Sends if it need not wait. */
  trySend(value: T): boolean;
  /** Receives if it need not wait. */
  tryReceive(): IteratorResult<T, undefined> | undefined;
  /** Ends it; receivers get what was sent, then the end or the error. A second call does nothing. */
  close(error?: unknown): void;
}
