import type { Clock, Timer } from "@quintet/core/kit";

/** Tells when one of several things, which are waited for one after the other, takes long: one timer does for all. */
export class LateClock {
  readonly #clock: Clock;
  readonly #long: number;
  #since = 0;
  #tell: (isLate: boolean) => void = () => {};
  #timer: Timer | undefined;

  /** `long`: milliseconds. */
  constructor(clock: Clock, long: number) {
    this.#clock = clock;
    this.#long = long;
  }

  /** Waits for the next one; true when that takes long. Then it may be waited for again. `end` must not reject. */
  isLate(end: Promise<unknown>): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#since = this.#clock.now();
    this.#tell = resolve;
    void end.then(() => resolve(false));
    this.#timer ??= this.#clock.after(this.#long, this.#look);
    return promise;
  }

  stop(): void {
    this.#timer?.cancel();
  }

  readonly #look = (): void => {
    const left = this.#since + this.#long - this.#clock.now();
    this.#timer = left > 0 ? this.#clock.after(left, this.#look) : undefined;
    if (left <= 0) this.#tell(true);
  };
}
