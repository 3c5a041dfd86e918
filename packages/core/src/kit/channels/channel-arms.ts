import type { ChannelState, Received } from "./channel-state.ts";
import { SendPlace } from "./offer.ts";
import { type Arm, notReady, type Parked, type Selectable } from "../../selectable.ts";

/** Waits for a value of a channel, or its end. It keeps nothing, so one serves every select. */
export class ReceiveArm<T> implements Selectable<Received<T>> {
  readonly #state: ChannelState<T>;

  constructor(state: ChannelState<T>) {
    this.#state = state;
  }

  poll(): Received<T> | typeof notReady {
    const value = this.#state.pull();
    if (value !== notReady) return { done: false, value };
    return this.#state.ended ? this.#state.end() : notReady;
  }

  park(arm: Arm<Received<T>>): Parked {
    return this.#state.parkReceiver(arm);
  }
}

/** Waits until a channel takes a value, which is not sent before that. */
export class SendArm<T> implements Selectable<void> {
  readonly #state: ChannelState<T>;
  readonly #value: T;

  constructor(state: ChannelState<T>, value: T) {
    this.#state = state;
    this.#value = value;
  }

  poll(): void | typeof notReady {
    if (this.#state.accept(this.#value)) return undefined;
    if (this.#state.closed) throw this.#state.refusal();
    return notReady;
  }

  park(arm: Arm<void>): Parked {
    const place = new SendPlace(this.#state.offers, arm, this.#value);
    this.#state.offers.join(place);
    return place;
  }
}
