import type { Clock, Timer } from "./clock.ts";

/** The longest delay that platforms keep; a longer one fires at once, so we chain. */
const longest = 2_147_483_647;

class SystemTimer implements Timer {
  #handle: ReturnType<typeof setTimeout> | undefined;
  readonly #due: number;
  readonly #callback: () => void;
  readonly #background: boolean;

  constructor(delay: number, callback: () => void, background: boolean) {
    this.#due = performance.now() + delay;
    this.#callback = callback;
    this.#background = background;
    this.#arm(delay);
  }

  #arm(delay: number): void {
    this.#handle = setTimeout(this.#fire, Math.min(Math.max(Math.ceil(delay), 0), longest));
    if (this.#background) this.#handle.unref?.();
  }

  // Node's timers may fire a fraction of a millisecond early against `performance.now()`.
  #fire = (): void => {
    const left = this.#due - performance.now();
    if (left >= 1) this.#arm(left);
    else {
      this.#handle = undefined;
      this.#callback();
    }
  };

  cancel(): void {
    clearTimeout(this.#handle);
    this.#handle = undefined;
  }
}

/** The platform's own time: `performance.now()`, `Date.now()` and `setTimeout`. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  after: (delay, callback, options) =>
    new SystemTimer(delay, callback, options?.background ?? false),
};
