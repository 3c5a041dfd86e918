import { ChannelClosedError, type Inspectable, LaggedError } from "@quintet/core";
import { ChannelName, typed, validateOptions, wholeNumber } from "@quintet/core/kit";
import { History } from "./history.ts";
import type { OwnReceiveChannel } from "./local-channel.ts";
import { Subscription } from "./subscription.ts";

/** Options of `broadcast`. */
export interface BroadcastOptions {
  /** For inspections. Default: `"broadcast"` and a number. */
  readonly name?: string | undefined;
  /** How many values are kept for receivers that are behind; from 1 up. Default: 16. */
  readonly capacity?: number | undefined;
}

/** Options of `subscribe`. */
export interface SubscribeOptions {
  /** Told how many values this receiver has missed, which then goes on; without it, `receive` rejects once. */
  readonly onLagged?: ((missed: number) => void) | undefined;
}

/** Values for everyone; made by `broadcast()`. */
export interface Broadcast<T> extends Inspectable {
  readonly name: string;
  readonly closed: boolean;
  /** How many receivers there are. */
  readonly receivers: number;
  /** Sends to everyone who has subscribed, and never waits. *Errors*: `CHANNEL_CLOSED`. *Cost*: O(receivers). */
  send(value: T): void;
  /** A receiver of all that is sent from now on. It lasts until it is cancelled, or a loop over it is left. */
  subscribe(options?: SubscribeOptions): OwnReceiveChannel<T>;
  /** Ends it; receivers get what is kept for them, then the end or the error. A second call does nothing. */
  close(error?: unknown): void;
}

const rules = { name: typed("string"), capacity: wholeNumber(1) };
const subscribeRules = { onLagged: typed("function") };

/**
 * Makes a channel whose every receiver gets every value.
 *
 * The last `capacity` values are kept. A receiver that is further behind than that is told how many it has missed,
 * and goes on with the oldest that is kept; nobody else notices.
 *
 * *Errors*: `LAGGED` for a receiver without `onLagged` that was too slow, once, with `missed`; `CHANNEL_CLOSED` for
 * who sends after the close; `INVALID_OPTION`.
 * *Cost*: a slot for each value kept, whoever has seen it.
 *
 * @example
 * ```ts
 * import { broadcast } from "@quintet/coroutines";
 *
 * const news = broadcast<string>({ capacity: 2 });
 * const quick = news.subscribe();
 * const slow = news.subscribe({ onLagged: (missed) => console.log("missed", missed) });
 * news.send("one");
 * console.log((await quick.receive()).value); // => one
 * news.send("two");
 * news.send("three");
 * console.log((await slow.receive()).value);
 * // => missed 1
 * // => two
 * ```
 *
 * The rules are those of Tokio's `broadcast`.
 */
export function broadcast<T>(options?: BroadcastOptions): Broadcast<T> {
  const { name, capacity = 16 } = validateOptions<BroadcastOptions>("broadcast", options, rules);
  const history = new History<T>(new ChannelName("broadcast", name), capacity);
  return {
    name: history.name.text,
    inspect: () => history.inspect(),
    get closed() {
      return history.closed;
    },
    get receivers() {
      return history.receivers;
    },
    send(value) {
      if (history.closed) throw closedError(history.error);
      history.add(value);
    },
    subscribe(given) {
      const { onLagged = refuseLag } = validateOptions<SubscribeOptions>(
        "broadcast.subscribe",
        given,
        subscribeRules,
      );
      return new Subscription("broadcast", history, history.next, onLagged);
    },
    close: (error) => history.close(error),
  };
}

/** The error for whoever sends after the close. */
export const closedError = (cause: unknown): ChannelClosedError =>
  new ChannelClosedError(
    "The channel is closed and takes no more values.",
    cause === undefined ? undefined : { cause },
  );

function refuseLag(missed: number): never {
  throw new LaggedError(
    `This receiver was too slow: ${missed} value(s) were overwritten before it took them. ` +
      "It goes on with the oldest that is kept; give the broadcast more capacity, or onLagged.",
    missed,
  );
}
