import { type Inspection, InvalidOptionError, type Party, RateLimitedError } from "@quintet/core";
import { type Clock, ParkingLot, Primitive, type Timer, wholeNumber } from "@quintet/core/kit";

/** Sums of fractions are a little off; a thousandth of a millisecond is no time. */
const nothing = 0.001;

/** What a rate is. */
export interface GcraOptions {
  /** Milliseconds from one to the next. */
  readonly spacing: number;
  readonly burst: number;
  readonly clock: Clock;
}

/**
 * Paces what passes: each of weight w fills the bucket by w times `spacing` milliseconds, it empties as time goes by,
 * and holds `burst` times as much.
 */
export class Gcra extends Primitive {
  readonly #spacing: number;
  readonly #burst: number;
  /** When the bucket will be empty: the theoretical arrival time of the algorithm. */
  #empty: number;
  /** The weights of all that wait. */
  #waiting = 0;
  #timer: Timer | undefined;
  readonly #lot: ParkingLot<void, number> = new ParkingLot(this, "turn", (_reason, weight) => {
    this.#waiting -= weight;
    this.#drain(); // it may have been the first one, for which the timer was
  });

  constructor({ spacing, burst, clock }: GcraOptions) {
    super("rateLimit", { clock });
    this.#spacing = spacing;
    this.#burst = burst;
    this.#empty = clock.now();
  }

  /** *Errors*: `INVALID_OPTION` for a weight that can never pass. */
  check(weight: number): void {
    const problem = wholeNumber(1)(weight, "weight");
    if (problem) throw new InvalidOptionError(`rateLimit(): ${problem}.`);
    if (weight <= this.#burst) return;
    throw new InvalidOptionError(
      `rateLimit(): weight must be at most burst, which is ${this.#burst}, got ${weight}.`,
    );
  }

  /** Passes if it can at once. */
  tryPass(weight: number): boolean {
    this.check(weight);
    if (this.#lot.size > 0 || this.#left(weight) > nothing) return false;
    this.#fill(weight);
    return true;
  }

  /** Waits until it may. *Errors*: `RATE_LIMITED` when that would be too long, the signal's reason. */
  async pass(weight: number, signal: AbortSignal, most: number): Promise<void> {
    signal.throwIfAborted();
    const left = this.#left(this.#waiting + weight);
    if (left > most) {
      const message = `rateLimit(): it would have to wait ${Math.ceil(left)} ms, and may wait ${most} ms.`;
      throw new RateLimitedError(message, { retryAfter: left });
    }
    this.#waiting += weight;
    const turn = this.#lot.park(weight, { signal });
    this.#timer ??= this.clock.after(left, this.#drain);
    await turn;
    if (!signal.aborted) return;
    this.#empty -= weight * this.#spacing; // it will not use what it was given
    this.#drain();
    throw signal.reason;
  }

  protected override state(): Inspection["state"] {
    return { burst: this.#burst, waiting: this.#lot.size };
  }

  protected override waiters(): Party[] {
    return this.#lot.parties((weight) => weight);
  }

  /** Milliseconds until there is room for so much. */
  #left(weight: number): number {
    const now = this.clock.now();
    // Whatever a clock does, the bucket never holds more than it can.
    this.#empty = Math.min(this.#empty, now + this.#burst * this.#spacing);
    const full = Math.max(this.#empty, now) + weight * this.#spacing;
    return Math.max(0, full - now - this.#burst * this.#spacing);
  }

  #fill(weight: number): void {
    this.#empty = Math.max(this.#empty, this.clock.now()) + weight * this.#spacing;
  }

  #drain = (): void => {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (let { first } = this.#lot; first; { first } = this.#lot) {
      const { want: weight } = first;
      const left = this.#left(weight);
      if (left > nothing) {
        this.#timer = this.clock.after(left, this.#drain);
        return;
      }
      this.#fill(weight);
      this.#waiting -= weight;
      first.grant();
    }
  };
}
