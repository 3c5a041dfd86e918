import {
  type ChannelWaitOptions,
  type Inspection,
  notReady,
  type Overflow,
  type Selectable,
} from "@quintet/core";
import { track } from "../track.ts";
import { breath, breathWith } from "./breath.ts";
import {
  ChannelIterator,
  ChannelName,
  ChannelState,
  ReceiveArm,
  type Received,
  type Reservation,
  ReserveWaiter,
  SendArm,
  SendWaiter,
  type Undelivered,
  Waiter,
  channelFull,
} from "@quintet/core/kit";
import type { ChannelWaiters, LocalChannel } from "./local-channel.ts";
import { Sender, type SenderCount } from "./sender.ts";
import { waitSignal } from "./wait-signal.ts";

/** The public face of a channel: promises, arms and senders over its state. */
export class BufferedChannel<T> implements LocalChannel<T> {
  readonly #state: ChannelState<T>;
  readonly #receiveArm: ReceiveArm<T>;
  readonly #undelivered: Undelivered<T>;
  readonly #senders: SenderCount = { open: 0 };

  constructor(
    capacity: number,
    overflow: Overflow,
    undelivered: Undelivered<T>,
    name: ChannelName = new ChannelName("channel"),
  ) {
    this.#state = new ChannelState<T>(capacity, overflow, undelivered, name, track);
    this.#receiveArm = new ReceiveArm(this.#state);
    this.#undelivered = undelivered;
  }

  get name(): string {
    return this.#state.name.text;
  }

  get capacity(): number {
    return this.#state.capacity;
  }

  get size(): number {
    return this.#state.buffer.size;
  }

  get closed(): boolean {
    return this.#state.closed;
  }

  get waiting(): ChannelWaiters {
    return { senders: this.#state.offers.size, receivers: this.#state.receivers.size };
  }

  inspect(): Inspection {
    return this.#state.inspect();
  }

  send(value: T, options?: ChannelWaitOptions): Promise<void> {
    if (options !== undefined) return this.#sendUnless(value, options);
    return this.#state.accept(value) ? breath() : this.#sendLater(value, undefined);
  }

  trySend(value: T): boolean {
    return this.#state.accept(value);
  }

  sending(value: T): Selectable<void> {
    return new SendArm(this.#state, value);
  }

  receive(options?: ChannelWaitOptions): Promise<Received<T>> {
    if (options !== undefined) return this.#receiveUnless(options);
    const value = this.#state.pull();
    return value === notReady ? this.#receiveLater(undefined) : breathWith({ done: false, value });
  }

  tryReceive(): Received<T> | undefined {
    const value = this.#state.pull();
    if (value !== notReady) return { done: false, value };
    return this.#state.ended ? this.#state.end() : undefined;
  }

  receiving(): Selectable<Received<T>> {
    return this.#receiveArm;
  }

  async reserve(options: ChannelWaitOptions = {}): Promise<Reservation<T>> {
    const signal = waitSignal("channel.reserve", options);
    signal?.throwIfAborted();
    const reservation = this.#state.tryReserve();
    if (reservation) return reservation;
    if (this.closed) throw this.#state.refusal();
    if (this.#state.overflow === "error") throw channelFull(this.capacity);
    const { offers } = this.#state;
    const waiter = new ReserveWaiter<T>();
    if (signal) waiter.leaveOn(signal, () => offers.leave(waiter));
    offers.join(waiter);
    return await waiter.promise;
  }

  tryReserve(): Reservation<T> | undefined {
    return this.#state.tryReserve();
  }

  sender(): Sender<T> {
    return new Sender(this, this.#senders);
  }

  close(error?: unknown): void {
    this.#state.close(error);
  }

  cancel(reason?: unknown): void {
    this.#state.cancel(reason);
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined, void> {
    return new ChannelIterator(this);
  }

  #sendUnless(value: T, options: ChannelWaitOptions): Promise<void> {
    let signal;
    try {
      signal = waitSignal("channel.send", options);
    } catch (error) {
      return this.#refuse(value, error);
    }
    if (signal?.aborted) return this.#refuse(value, signal.reason);
    return this.#state.accept(value) ? breath() : this.#sendLater(value, signal);
  }

  #sendLater(value: T, signal: AbortSignal | undefined): Promise<void> {
    if (this.closed) return this.#refuse(value, this.#state.refusal());
    if (this.#state.overflow === "error") return this.#refuse(value, channelFull(this.capacity));
    const { offers } = this.#state;
    const waiter = new SendWaiter(value);
    if (signal) {
      waiter.leaveOn(signal, () => {
        offers.leave(waiter);
        this.#undelivered.report(value);
      });
    }
    offers.join(waiter);
    return waiter.promise;
  }

  /** The value was given away and will not be received. */
  #refuse(value: T, error: unknown): Promise<never> {
    this.#undelivered.report(value);
    return Promise.reject(error);
  }

  #receiveUnless(options: ChannelWaitOptions): Promise<Received<T>> {
    let signal;
    try {
      signal = waitSignal("channel.receive", options);
      signal?.throwIfAborted();
    } catch (error) {
      return Promise.reject(error);
    }
    const value = this.#state.pull();
    return value === notReady ? this.#receiveLater(signal) : breathWith({ done: false, value });
  }

  #receiveLater(signal: AbortSignal | undefined): Promise<Received<T>> {
    const state = this.#state;
    if (state.ended) return new Promise((resolve) => resolve(state.end()));
    const waiter = new Waiter<Received<T>>();
    if (signal) waiter.leaveOn(signal, () => state.receivers.leave(waiter));
    state.joinReceiver(waiter);
    return waiter.promise;
  }
}
