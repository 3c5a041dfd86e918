import { type Arm, notReady, type Parked, type Selectable } from "@quintet/core";
import { channelOf, type Source } from "./channel-of.ts";
import type { Received } from "@quintet/core/kit";
import type { OwnReceiveChannel, ReceiveChannel } from "./local-channel.ts";
import { ReceiveSide } from "./receive-side.ts";

/**
 * Makes one channel of several: it gives what any of them gives, and ends after the last has ended.
 *
 * Channels are only looked at, beginning with another one each time: a value stays where it is until somebody receives
 * from the merged channel. Other iterables are read one value ahead, which is lost when it is cancelled.
 *
 * *Ordering*: within each source.
 * *Cancellation*: cancelling it, or leaving a loop over it, cancels all sources.
 * *Errors*: that of the first source that fails, which cancels the others.
 * *Cost*: O(sources) for a value.
 *
 * @example
 * ```ts
 * import { channel, merge } from "@quintet/coroutines";
 *
 * const [left, right] = [channel<string>({ capacity: 2 }), channel<string>({ capacity: 2 })];
 * for (const word of ["a", "b"]) await left.send(word);
 * left.close();
 * await right.send("c");
 * right.close();
 * const words: string[] = [];
 * for await (const word of merge([left, right])) words.push(word);
 * console.log(words.sort()); // => [ 'a', 'b', 'c' ]
 * ```
 */
export function merge<T>(sources: Iterable<Source<T>>): OwnReceiveChannel<T> {
  return new Merged(Array.from(sources, channelOf));
}

class Merged<T> extends ReceiveSide<T> implements Selectable<Received<T>> {
  #open: readonly ReceiveChannel<T>[];
  /** What ended it before its sources did. */
  #failed: { readonly error: unknown } | undefined;

  constructor(sources: readonly ReceiveChannel<T>[]) {
    super("merge");
    this.#open = sources;
  }

  receiving(): Selectable<Received<T>> {
    return this;
  }

  poll(): Received<T> | typeof notReady {
    if (this.#failed) throw this.#failed.error;
    const asked = this.#open;
    const start = Math.floor(Math.random() * asked.length);
    for (let index = 0; index < asked.length; index++) {
      const source = asked[(start + index) % asked.length]!;
      const received = this.#ask(source);
      if (received === notReady) continue;
      if (!received.done) return received;
      this.drop(source);
    }
    return this.#open.length === 0 ? { done: true, value: undefined } : notReady;
  }

  park(arm: Arm<Received<T>>): Parked {
    const merging = new MergeArm(this, arm);
    for (const source of this.#open) merging.parkAt(source);
    return merging;
  }

  cancel(reason?: unknown): void {
    for (const source of this.#open) source.cancel(reason);
  }

  /** A source has ended. Gives whether it was the last. */
  drop(source: ReceiveChannel<T>): boolean {
    this.#open = this.#open.filter((one) => one !== source);
    return this.#open.length === 0;
  }

  /** A source has failed. */
  fail(error: unknown): void {
    this.#failed ??= { error };
    this.cancel(error);
  }

  #ask(source: ReceiveChannel<T>): Received<T> | typeof notReady {
    try {
      return source.receiving().poll();
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }
}

/** One receiver of a merged channel, parked at all of its sources. */
class MergeArm<T> implements Parked {
  readonly #merged: Merged<T>;
  readonly #arm: Arm<Received<T>>;
  readonly #parked: Parked[] = [];

  constructor(merged: Merged<T>, arm: Arm<Received<T>>) {
    this.#merged = merged;
    this.#arm = arm;
  }

  parkAt(source: ReceiveChannel<T>): void {
    const parked = source.receiving().park({
      owner: this.#arm.owner,
      fire: (received) => this.#fire(source, received),
      fail: (error) => this.#fail(error),
    });
    this.#parked.push(parked);
  }

  leave(): void {
    for (const parked of this.#parked) parked.leave();
  }

  #fire(source: ReceiveChannel<T>, received: Received<T>): boolean {
    if (received.done && !this.#merged.drop(source)) return true; // the others may still give something
    this.leave();
    return this.#arm.fire(received);
  }

  #fail(error: unknown): boolean {
    this.leave();
    this.#merged.fail(error);
    return this.#arm.fail(error);
  }
}
