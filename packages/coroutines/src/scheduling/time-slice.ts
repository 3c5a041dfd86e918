import type { Clock } from "@quintet/core/kit";
import { nextTurn } from "./next-turn.ts";

/** Between two looks at the clock should pass about so many milliseconds: a look costs more than a small step. */
const lookEvery = 0.2;
/** And at most so many steps, because the next ones may be longer than those before. */
const longestStride = 16;
/** The most steps in a turn, for clocks that stand still. */
const mostSteps = 16_384;

/**
 * How long cooperative work may hold the thread before timers and I/O get their turn. All who share one slice
 * use it up together: a hundred coroutines take one slice, not a hundred.
 */
export class TimeSlice {
  readonly clock: Clock;
  readonly #length: number;
  readonly #waiting: (() => void)[] = [];
  /** When the first step of this turn began; nothing before that. */
  #since: number | undefined;
  #lookedAt = 0;
  #stride = 1;
  #untilLook = 1;
  #steps = 0;
  #over = false;

  /** `length` in milliseconds. */
  constructor(clock: Clock, length: number) {
    this.clock = clock;
    this.#length = length;
  }

  /** Whether it is used up: what comes next has to wait for `next`. */
  get over(): boolean {
    return this.#over;
  }

  /** Counts a step that is about to be made; true when it must not be made in this turn. */
  spend(): boolean {
    if (this.#over) return true;
    return --this.#untilLook <= 0 && this.#look();
  }

  /** Calls back in a turn in which there is time again. */
  next(callback: () => void): void {
    this.#waiting.push(callback);
    this.#begin();
  }

  #begin(): void {
    if (this.#since !== undefined) return;
    this.#since = this.#lookedAt = this.clock.now();
    nextTurn(this.#end);
  }

  #look(): boolean {
    this.#begin();
    const now = this.clock.now();
    const elapsed = now - this.#lookedAt;
    this.#lookedAt = now;
    this.#steps += this.#stride;
    if (elapsed > lookEvery) {
      this.#stride = Math.max(1, Math.floor((this.#stride * lookEvery) / elapsed));
    } else if (elapsed * 2 <= lookEvery) {
      this.#stride = Math.min(this.#stride * 2, longestStride);
    }
    this.#untilLook = this.#stride;
    this.#over = now - this.#since! >= this.#length || this.#steps >= mostSteps;
    return this.#over;
  }

  // Who waits and cannot be let go on in this turn stays before those that come back from it.
  #end = (): void => {
    this.#since = undefined;
    this.#steps = 0;
    this.#stride = this.#untilLook = 1;
    this.#over = false;
    for (let left = this.#waiting.length; left > 0 && !this.#over; left--)
      this.#waiting.shift()?.();
    if (this.#waiting.length > 0) this.#begin();
  };
}
