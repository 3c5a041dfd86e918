import type { Clock, Timer } from "./clock.ts";
import { systemClock } from "./system-clock.ts";

/** A clock that a test moves by hand. */
export interface VirtualClock extends Clock {
  /** Timers that have not fired. */
  readonly pending: number;
  /**
   * Moves time forward and fires what falls due, in order. Promise reactions run between two timers,
   * so a timer set by one of them is seen.
   */
  advance(milliseconds: number): Promise<void>;
}

interface Entry {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Lets every reaction that is ready run: a real timer comes after all of them. */
const reactions = (): Promise<void> => new Promise((resolve) => void systemClock.after(0, resolve));

/**
 * Makes a clock that stands still until `advance()`. Starts at 0, and at `date` on the calendar.
 *
 * @example
 * ```ts
 * import { virtualClock } from "@quintet/core/kit";
 *
 * const clock = virtualClock();
 * clock.after(1_000, () => console.log("fired at", clock.now()));
 * await clock.advance(1_000); // => fired at 1000
 * ```
 */
export function virtualClock(date: number = 0): VirtualClock {
  let now = 0;
  let order = 0;
  const entries = new Set<Entry>();

  const nextDue = (until: number): Entry | undefined => {
    let first: Entry | undefined;
    for (const entry of entries) {
      if (entry.due > until) continue;
      if (!first || entry.due < first.due || (entry.due === first.due && entry.order < first.order))
        first = entry;
    }
    return first;
  };

  return {
    now: () => now,
    date: () => date + now,
    get pending() {
      return entries.size;
    },
    after(delay, callback): Timer {
      const entry: Entry = { due: now + Math.max(delay, 0), order: order++, callback };
      entries.add(entry);
      return { cancel: () => entries.delete(entry) };
    },
    async advance(milliseconds) {
      const until = now + milliseconds;
      await reactions();
      for (let entry = nextDue(until); entry; entry = nextDue(until)) {
        now = entry.due;
        entries.delete(entry);
        entry.callback();
        await reactions();
      }
      now = until;
    },
  };
}
