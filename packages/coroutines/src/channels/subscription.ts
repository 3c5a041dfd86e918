import { track } from "../track.ts";
import { type Arm, notReady, type Parked, type Party, type Selectable } from "@quintet/core";
import { ArmPlace, type Received, WatchedLine } from "@quintet/core/kit";
import type { History, Listener } from "./history.ts";
import { ReceiveSide } from "./receive-side.ts";

/** One receiver's way through a history. */
export class Subscription<T> extends ReceiveSide<T> implements Selectable<Received<T>>, Listener {
  readonly #history: History<T>;
  readonly #onLagged: (missed: number) => void;
  readonly #arms: WatchedLine<ArmPlace<Received<T>>>;
  /** The number of the value it takes next. */
  #position: number;
  #cancelled: { readonly reason: unknown } | undefined;

  constructor(
    owner: string,
    history: History<T>,
    position: number,
    onLagged: (missed: number) => void,
  ) {
    super(owner);
    this.#history = history;
    this.#arms = new WatchedLine(history, track);
    this.#position = position;
    this.#onLagged = onLagged;
    history.join(this);
  }

  receiving(): Selectable<Received<T>> {
    return this;
  }

  poll(): Received<T> | typeof notReady {
    if (this.#cancelled) return ended(this.#cancelled.reason);
    const history = this.#history;
    const missed = history.first - this.#position;
    if (missed > 0) {
      this.#position = history.first;
      this.#onLagged(missed);
    }
    if (this.#position < history.next) {
      return { done: false, value: history.at(this.#position++) };
    }
    return history.closed ? ended(history.error) : notReady;
  }

  park(arm: Arm<Received<T>>): Parked {
    const place = new ArmPlace(this.#arms, arm);
    this.#arms.join(place);
    return place;
  }

  waiters(): Party[] {
    return this.#arms.parties(() => "value");
  }

  cancel(reason?: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = { reason };
    this.#history.leave(this);
    this.wake();
  }

  /** Who waits has seen everything that came before: one of them gets the newest value, or all of them the end. */
  wake(): void {
    if (this.#cancelled) return this.#end(this.#cancelled.reason);
    const history = this.#history;
    if (this.#position === history.next) return this.#end(history.error);
    for (let arm = this.#arms.take(); arm; arm = this.#arms.take()) {
      const value = history.at(this.#position++);
      if (arm.fire({ done: false, value })) return;
      this.#position--;
    }
  }

  #end(error: unknown): void {
    for (let arm = this.#arms.take(); arm; arm = this.#arms.take()) {
      if (error === undefined) arm.fire({ done: true, value: undefined });
      else arm.fail(error);
    }
  }
}

function ended(error: unknown): IteratorReturnResult<undefined> {
  if (error !== undefined) throw error;
  return { done: true, value: undefined };
}
