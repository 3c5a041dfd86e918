import { type ChannelWaitOptions, notReady, type Parked, type Selectable } from "@quintet/core";
import { breathWith } from "./breath.ts";
import { ChannelIterator, type Received, Waiter } from "@quintet/core/kit";
import type { OwnReceiveChannel } from "./local-channel.ts";
import { waitSignal } from "./wait-signal.ts";

/** Makes all that a receiver can do out of an arm and a way to cancel. */
export abstract class ReceiveSide<T> implements OwnReceiveChannel<T> {
  readonly #owner: string;

  /** `owner` is named in messages. */
  protected constructor(owner: string) {
    this.#owner = owner;
  }

  abstract receiving(): Selectable<Received<T>>;

  abstract cancel(reason?: unknown): void;

  tryReceive(): Received<T> | undefined {
    const received = this.receiving().poll();
    return received === notReady ? undefined : received;
  }

  receive(options?: ChannelWaitOptions): Promise<Received<T>> {
    try {
      const signal = options && waitSignal(`${this.#owner}.receive`, options);
      signal?.throwIfAborted();
      const arm = this.receiving();
      const received = arm.poll();
      if (received !== notReady) return breathWith(received);
      return parked(arm, signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined, void> {
    return new ChannelIterator(this, () => this.cancel());
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

function parked<T>(
  arm: Selectable<Received<T>>,
  signal: AbortSignal | undefined,
): Promise<Received<T>> {
  const waiter = new Waiter<Received<T>>();
  let place: Parked | undefined = undefined;
  if (signal) waiter.leaveOn(signal, () => place?.leave());
  place = arm.park(waiter);
  return waiter.promise;
}
