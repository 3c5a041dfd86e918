/** Where the transport of an `InMemory` is, also for another copy of this package. */
export const transportKey: unique symbol = Symbol.for("@quintet/redis/transport");

/** A memory that holds queues; `inMemory()` makes one. */
export interface InMemory {
  /** A `QueueTransport`, which is nobody else's business. */
  readonly [transportKey]: unknown;
}
