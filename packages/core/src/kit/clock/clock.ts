/** A pending call; cancelling one that has fired or was cancelled does nothing. */
export interface Timer {
  cancel(): void;
}

/** Where all time comes from, so that tests can supply their own. */
export interface Clock {
  /** Milliseconds that only grow; for durations. */
  now(): number;
  /** Milliseconds since 1970; for absolute deadlines. */
  date(): number;
  /**
   * Calls back once, after at least `delay` milliseconds; any length works, also past 2^31.
   * `background` timers do not keep the process alive.
   */
  after(delay: number, callback: () => void, options?: { readonly background?: boolean }): Timer;
}
