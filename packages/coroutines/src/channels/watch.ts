import type { Inspectable } from "@quintet/core";
import { closedError } from "./broadcast.ts";
import { ChannelName } from "@quintet/core/kit";
import { History } from "./history.ts";
import type { OwnReceiveChannel } from "./local-channel.ts";
import { Subscription } from "./subscription.ts";

/** A value that changes, and that others watch; made by `watch()`. */
export interface Watch<T> extends Inspectable {
  /** Its kind and a number. */
  readonly name: string;
  /** The latest value. Setting it tells everyone; *Errors*: `CHANNEL_CLOSED`. *Cost*: O(receivers). */
  value: T;
  readonly closed: boolean;
  /** How many receivers there are. */
  readonly receivers: number;
  /** A receiver of the value as it is now, and of the latest one each time it has changed. */
  subscribe(): OwnReceiveChannel<T>;
  /** Ends it; receivers get the latest value if they have not seen it, then the end or the error. */
  close(error?: unknown): void;
}

/**
 * Makes a value that can be watched. Each receiver gets the latest value, and never an older one: what changed while
 * it was busy it gets once, as it is then. The last value before the close is seen by all.
 *
 * *Errors*: `CHANNEL_CLOSED` for who sets it after the close.
 *
 * @example
 * ```ts
 * import { watch } from "@quintet/coroutines";
 *
 * const level = watch(1);
 * const levels = level.subscribe();
 * console.log((await levels.receive()).value); // => 1
 * level.value = 2;
 * level.value = 3;
 * console.log((await levels.receive()).value); // => 3
 * levels.cancel();
 * ```
 *
 * The rules are those of Kotlin's `StateFlow`, but that setting an equal value is a change as well.
 */
export function watch<T>(initial: T): Watch<T> {
  const history = new History<T>(new ChannelName("watch"), 1);
  history.add(initial);
  return {
    name: history.name.text,
    inspect: () => history.inspect(),
    get value() {
      return history.at(history.next - 1);
    },
    set value(value) {
      if (history.closed) throw closedError(history.error);
      history.add(value);
    },
    get closed() {
      return history.closed;
    },
    get receivers() {
      return history.receivers;
    },
    subscribe: () => new Subscription("watch", history, history.next - 1, seesTheLatest),
    close: (error) => history.close(error),
  };
}

const seesTheLatest = (): void => {};
