import { type Clock, systemClock, type Timer } from "@quintet/core/kit";

/** A timer that is not to fire: some 34 years. */
const never = 2 ** 40;

/** Keeps the process alive, or not. */
export class ProcessHold {
  readonly #clock: Clock;
  #timer: Timer | undefined;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  set(held: boolean): void {
    if (held) this.#timer ??= this.#clock.after(never, () => {});
    else {
      this.#timer?.cancel();
      this.#timer = undefined;
    }
  }
}
