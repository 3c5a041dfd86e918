import {
  ChannelName,
  channelRules,
  checkOverflow,
  typed,
  Undelivered,
  validateOptions,
} from "@quintet/core/kit";
import { BufferedChannel } from "./buffered-channel.ts";
import type { LocalChannel, LocalChannelOptions } from "./local-channel.ts";

const rules = {
  name: typed("string"),
  ...channelRules,
  onUndelivered: typed("function"),
};

/**
 * Makes a channel, which hands values from senders to receivers of the same thread.
 *
 * `capacity` values wait in a buffer; 0, the default, is a rendezvous: a send ends when somebody receives.
 * `overflow` says what a full channel does: `"block"`, the default, lets the sender wait; `"drop-oldest"` and
 * `"drop-newest"` drop a value; `"error"` rejects.
 *
 * *Ordering*: who waits longest is served first, on both sides; so the values of one sender stay in order.
 * *Cancellation*: a send or receive that was aborted has left and changed nothing, or else it has ended well.
 * `close()` lets receivers have what was sent before, also by senders that still wait; `cancel()` throws it away.
 * Each value that was given to `send` is received once, or reported once to `onUndelivered`.
 * *Errors*: `CHANNEL_CLOSED` for a send after the close, `QUEUE_FULL` with `"error"`, `INVALID_OPTION`; what it was
 * closed with, for receivers after the last value.
 * *Cost*: O(1) for each operation, however many wait. Where nobody has to wait, `trySend` and `tryReceive` do without
 * a promise. After 8 ms without a pause the next operation lets timers and I/O have their turn.
 *
 * @example
 * ```ts
 * import { channel } from "@quintet/coroutines";
 *
 * const numbers = channel<number>({ capacity: 2 });
 * const sent = (async () => {
 *   for (const n of [1, 2, 3]) await numbers.send(n);
 *   numbers.close();
 * })();
 * for await (const n of numbers) console.log(n);
 * // => 1
 * // => 2
 * // => 3
 * await sent;
 * ```
 *
 * The semantics of closing are those of Kotlin's channels, the reservations those of Tokio's.
 */
export function channel<T>(options?: LocalChannelOptions<T>): LocalChannel<T> {
  const checked = validateOptions<LocalChannelOptions<T>>("channel", options, rules);
  const { name, capacity = 0, overflow = "block", onUndelivered } = checked;
  checkOverflow("channel", checked);
  const undelivered = new Undelivered(onUndelivered);
  return new BufferedChannel(capacity, overflow, undelivered, new ChannelName("channel", name));
}
