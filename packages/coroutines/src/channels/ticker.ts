import {
  type Arm,
  InvalidOptionError,
  notReady,
  type Parked,
  type Selectable,
} from "@quintet/core";
import {
  type Clock,
  duration,
  type Received,
  systemClock,
  type Timer,
  typed,
  validateOptions,
} from "@quintet/core/kit";
import type { OwnReceiveChannel } from "./local-channel.ts";
import { ReceiveSide } from "./receive-side.ts";

/** Options of `ticker`. */
export interface TickerOptions {
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const rules = { clock: typed("object") };
const isDuration = duration();

/**
 * Makes a channel that gives 1 after so many milliseconds, 2 after twice as many, and so on, counted from this call.
 * Who was busy for longer gets the latest number only, so a gap says how many were missed; the next one comes at its
 * time again. A timer runs only while somebody waits, so that a ticker can just be forgotten.
 *
 * *Errors*: `INVALID_OPTION` when `interval` is no positive number.
 *
 * @example
 * ```ts
 * import { ticker } from "@quintet/coroutines";
 *
 * let seen = 0;
 * for await (const tick of ticker(5)) {
 *   console.log(tick > seen ? "later" : "earlier"); // => later
 *   seen = tick;
 *   if (seen > 0) break;
 * }
 * ```
 */
export function ticker(interval: number, options?: TickerOptions): OwnReceiveChannel<number> {
  const problem = isDuration(interval, "the interval");
  if (problem) throw new InvalidOptionError(`ticker: ${problem}.`);
  const { clock = systemClock } = validateOptions<TickerOptions>("ticker", options, rules);
  return new Ticker(interval, clock);
}

class Ticker extends ReceiveSide<number> implements Selectable<Received<number>> {
  readonly #interval: number;
  readonly #clock: Clock;
  readonly #start: number;
  readonly #waiting = new Set<Wait>();
  #last = 0;
  #cancelled: { readonly reason: unknown } | undefined;

  constructor(interval: number, clock: Clock) {
    super("ticker");
    this.#interval = interval;
    this.#clock = clock;
    this.#start = clock.now();
  }

  receiving(): Selectable<Received<number>> {
    return this;
  }

  poll(): Received<number> | typeof notReady {
    if (!this.#cancelled) return this.#take(0);
    if (this.#cancelled.reason !== undefined) throw this.#cancelled.reason;
    return { done: true, value: undefined };
  }

  park(arm: Arm<Received<number>>): Parked {
    const wait = new Wait(arm, this.#waiting);
    this.#arm(wait);
    return wait;
  }

  cancel(reason?: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = { reason };
    for (const wait of this.#waiting) {
      wait.leave();
      if (reason === undefined) wait.arm.fire({ done: true, value: undefined });
      else wait.arm.fail(reason);
    }
  }

  /** The latest tick that nobody has had; `due` is one whose timer has fired, which may be a little early. */
  #take(due: number): Received<number> | typeof notReady {
    const elapsed = this.#clock.now() - this.#start;
    const tick = Math.max(due, Math.floor(elapsed / this.#interval));
    if (tick <= this.#last) return notReady;
    this.#last = tick;
    return { done: false, value: tick };
  }

  #arm(wait: Wait): void {
    if (this.#interval === Infinity) return;
    const due = this.#last + 1;
    const delay = this.#start + due * this.#interval - this.#clock.now();
    wait.timer = this.#clock.after(delay, () => {
      const received = this.#take(due);
      if (received === notReady) return this.#arm(wait); // another receiver had it
      wait.leave();
      wait.arm.fire(received);
    });
  }
}

/** One that waits for a tick. */
class Wait implements Parked {
  readonly arm: Arm<Received<number>>;
  timer: Timer | undefined;
  readonly #all: Set<Wait>;

  constructor(arm: Arm<Received<number>>, all: Set<Wait>) {
    this.arm = arm;
    this.#all = all;
    all.add(this);
  }

  leave(): void {
    this.timer?.cancel();
    this.#all.delete(this);
  }
}
