import { type VirtualClock, virtualClock } from "@quintet/core/kit";

/** A virtual clock that work can move while it runs, as if it had taken so long. */
export interface HandClock extends VirtualClock {
  /** Takes so many milliseconds, at once. */
  spend(milliseconds: number): void;
}

export function handClock(): HandClock {
  const clock = virtualClock();
  let spent = 0;
  return {
    now: () => clock.now() + spent,
    date: () => clock.date() + spent,
    after: (delay, callback) => clock.after(delay, callback),
    advance: (milliseconds) => clock.advance(milliseconds),
    get pending() {
      return clock.pending;
    },
    spend(milliseconds) {
      spent += milliseconds;
    },
  };
}
