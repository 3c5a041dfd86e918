import type { Overflow } from "../../channel.ts";
import type { ChannelClosedError } from "../../errors.ts";
import type { Inspectable, Inspection } from "../../inspection.ts";
import { ArmPlace } from "./arm-place.ts";
import { ChannelName } from "./channel-name.ts";
import { channelClosed } from "./channel-refusals.ts";
import { inspectChannel } from "./inspect-channel.ts";
import type { Offer } from "./offer.ts";
import { Reservation, type ReservedChannel } from "./reservation.ts";
import { RingBuffer } from "./ring-buffer.ts";
import type { Undelivered } from "./undelivered.ts";
import type { Waiter } from "./waiter.ts";
import { WatchedLine } from "./watched-line.ts";
import type { Track } from "../waits/wait-watch.ts";
import { type Arm, notReady, type Parked } from "../../selectable.ts";

/** What a receiver is given. */
export type Received<T> = IteratorResult<T, undefined>;

/** A receiver that waits. */
export type Receiver<T> = Waiter<Received<T>> | ArmPlace<Received<T>>;

/**
 * What a channel holds: values in the buffer, and who waits on either side.
 *
 * Receivers wait only while the buffer is empty and senders only while there is no room: on both sides there are
 * waiters only when they are two arms of one select, which must not serve each other.
 * Nobody is woken to look again: whoever waits is given a value, or room, in the call that makes it free.
 */
export class ChannelState<T> implements ReservedChannel<T>, Inspectable {
  readonly name: ChannelName;
  capacity: number;
  overflow: Overflow;
  readonly buffer: RingBuffer<T> = new RingBuffer();
  readonly receivers: WatchedLine<Receiver<T>>;
  readonly offers: WatchedLine<Offer<T>>;
  closed = false;
  #cancelled = false;
  #error: unknown;
  /** Slots that reservations hold. Without a buffer a slot is a receiver that waits. */
  #reserved = 0;
  readonly #undelivered: Undelivered<T>;

  constructor(
    capacity: number,
    overflow: Overflow,
    undelivered: Undelivered<T>,
    name: ChannelName = new ChannelName("channel"),
    track?: () => Track | undefined,
  ) {
    this.receivers = new WatchedLine(this, track);
    this.offers = new WatchedLine(this, track);
    this.name = name;
    this.capacity = capacity;
    this.overflow = overflow;
    this.#undelivered = undelivered;
  }

  get reserved(): number {
    return this.#reserved;
  }

  /** How many more values would find a place. */
  get room(): number {
    return this.capacity + this.receivers.size - this.buffer.size - this.#reserved;
  }

  /** Whether nothing will come any more; asked when there is nothing to pull. */
  get ended(): boolean {
    return this.closed && this.#reserved === 0;
  }

  /** Whether it is open and holds nothing, not even somebody who waits. */
  get isUnused(): boolean {
    const held = this.buffer.size + this.receivers.size + this.offers.size + this.#reserved;
    return held === 0 && !this.closed;
  }

  /** Makes something else of it, with as much room or more. */
  become(capacity: number, overflow: Overflow): void {
    this.capacity = capacity;
    this.overflow = overflow;
    this.#admit();
  }

  /** Hands a value over, buffers or drops it; false when it would have to wait, or the channel is closed. */
  accept(value: T): boolean {
    if (this.closed) return false;
    if (this.#reserved === 0 && this.receivers.size > 0 && this.#hand(value)) return true;
    if (this.room > 0 && this.#place(value)) return true;
    return this.overflow !== "block" && this.#dropOne(value);
  }

  /** Takes the next value. */
  pull(): T | typeof notReady {
    const { buffer, offers } = this;
    if (buffer.size > 0) {
      const value = buffer.shift();
      if (offers.size > 0) this.#admit();
      return value;
    }
    for (let offer = offers.first; offer && !offer.reserves; offer = offers.first) {
      offers.leave(offer);
      if (offer.fire()) return offer.value;
    }
    return notReady;
  }

  /** The end, for who came when there was nothing to pull. *Errors*: what the channel was closed with. */
  end(): IteratorReturnResult<undefined> {
    if (this.#error !== undefined) throw this.#error;
    return { done: true, value: undefined };
  }

  parkReceiver(arm: Arm<Received<T>>): Parked {
    const place = new ArmPlace(this.receivers, arm);
    this.joinReceiver(place);
    return place;
  }

  /** Lets a receiver wait. */
  joinReceiver(receiver: Receiver<T>): void {
    this.receivers.join(receiver);
    if (this.offers.size > 0) this.#admit(); // a receiver is room for who waits for a reservation
  }

  /** Takes a slot for a reservation, if there is one. */
  tryReserve(): Reservation<T> | undefined {
    if (this.closed || this.room <= 0) return undefined;
    this.#reserved++;
    return new Reservation(this);
  }

  fill(value: T): boolean {
    if (this.#cancelled) {
      this.#undelivered.report(value);
      return false;
    }
    this.#reserved--;
    if (!this.#hand(value)) this.buffer.push(value);
    this.#endReceivers();
    return true;
  }

  vacate(): void {
    if (this.#cancelled) return;
    this.#reserved--;
    this.#admit();
    this.#endReceivers();
  }

  close(error: unknown): void {
    if (this.closed) return;
    this.closed = true;
    this.#error = error;
    for (const offer of [...this.offers]) {
      if (!offer.reserves) continue; // what was sent before is still received
      this.offers.leave(offer);
      offer.fail(this.refusal());
    }
    this.#endReceivers();
  }

  cancel(reason: unknown): void {
    if (this.#cancelled) return;
    if (!this.closed) this.#error = reason;
    this.closed = this.#cancelled = true;
    this.#reserved = 0;
    const lost: T[] = [];
    while (this.buffer.size > 0) lost.push(this.buffer.shift());
    for (let offer = this.offers.take(); offer; offer = this.offers.take()) {
      if (offer.fail(this.refusal()) && !offer.reserves && offer.isGiven) lost.push(offer.value);
    }
    this.#endReceivers();
    for (const value of lost) this.#undelivered.report(value);
  }

  inspect(): Inspection {
    return inspectChannel(this);
  }

  /** The error for whoever sends to a closed channel. */
  refusal(): ChannelClosedError {
    return channelClosed(this.#error);
  }

  /** Hands a value to the receiver that has waited longest, or buffers it. */
  #place(value: T): boolean {
    if (this.#hand(value)) return true;
    if (this.room <= 0) return false;
    this.buffer.push(value);
    return true;
  }

  #hand(value: T): boolean {
    const { receivers } = this;
    while (receivers.size > 0) {
      if (receivers.take()!.fire({ done: false, value })) return true;
    }
    return false;
  }

  /** Drops what `overflow` says; false when nothing is to be dropped. */
  #dropOne(value: T): boolean {
    if (this.overflow === "error") return false;
    if (this.overflow === "drop-newest" || this.buffer.size === 0) {
      this.#undelivered.report(value);
      return true;
    }
    const oldest = this.buffer.shift();
    this.buffer.push(value);
    this.#undelivered.report(oldest);
    return true;
  }

  /** Lets go on who waits for room, as far as there is room. */
  #admit(): void {
    while (this.room > 0) {
      const offer = this.#takeOffer();
      if (!offer) return;
      if (offer.reserves) {
        this.#reserved++;
        offer.fire(new Reservation(this));
      } else if (offer.fire() && !this.#hand(offer.value)) {
        this.buffer.push(offer.value);
      }
    }
  }

  /** Takes the first offer that is not of the same select as the receiver that would get it. */
  #takeOffer(): Offer<T> | undefined {
    const receiver = this.receivers.first;
    if (!receiver || this.offers.first?.owner !== receiver.owner) return this.offers.take();
    for (const offer of this.offers) {
      if (offer.owner === receiver.owner) continue;
      this.offers.leave(offer);
      return offer;
    }
    return undefined;
  }

  /** After the last value of a closed channel. */
  #endReceivers(): void {
    if (!this.ended || this.buffer.size > 0) return;
    for (let arm = this.receivers.take(); arm; arm = this.receivers.take()) {
      if (this.#error === undefined) arm.fire({ done: true, value: undefined });
      else arm.fail(this.#error);
    }
  }
}
