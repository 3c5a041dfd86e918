import type { ChannelWaitOptions } from "./channel.ts";
import type { Inspection } from "./inspection.ts";

/**
 * A channel that an executor and its tasks share by name, in this thread, in others, or on other machines.
 * So all that is asked of it is answered by a promise. Values travel as inputs and results of the executor do.
 *
 * When a task is cancelled, the waits of its context end with the reason. A value that was received belongs to its
 * receiver, and goes with it when that dies.
 *
 * *Ordering*: per sender. Values sent before `close` are received before its end is seen.
 * *Cancellation*: a send or receive that was aborted has left and changed nothing, or else it has ended well.
 * *Errors*: `INVALID_OPTION`; `CHANNEL_CLOSED` for a send after the close; `QUEUE_FULL` with `overflow: "error"`;
 * `NOT_CLONEABLE` for a value that cannot travel; `CLOSED` when the executor is closed, or the task has ended; for receivers
 * what it was closed with, after the last value; of a queue those of its connection, too.
 *
 * @example
 * ```ts
 * import { eventLoop } from "@quintet/async";
 *
 * const executor = eventLoop();
 * const words = executor.channel<string>("words", { capacity: 2 });
 * await words.send("one");
 * await words.send("two");
 * await words.close();
 * for await (const word of words) console.log(word);
 * // => one
 * // => two
 * await executor.close();
 * ```
 */
export interface NamedChannel<T> extends AsyncIterable<T, undefined, void> {
  readonly name: string;
  send(value: T, options?: ChannelWaitOptions): Promise<void>;
  /** The next value, or `done` at the end. */
  receive(options?: ChannelWaitOptions): Promise<IteratorResult<T, undefined>>;
  /** Sends if it need not wait. */
  trySend(value: T): Promise<boolean>;
  /** Receives if it need not wait. */
  tryReceive(): Promise<IteratorResult<T, undefined> | undefined>;
  /** Ends it; receivers get what was sent, then the end or the error. A second call does nothing. */
  close(error?: unknown): Promise<void>;
  /** What it holds, and how many wait on either side. */
  inspect(): Promise<Inspection>;
}
