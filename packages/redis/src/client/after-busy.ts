import type { Clock, Timer } from "@quintet/core/kit";

/** A timer that is late by so many milliseconds had to wait for something else; what also had to, gets its time again. */
const busy = 50;

/** Like the clock's own `after`; where this thread was blocked, the answer may be there and not read yet. */
export function afterBusy(clock: Clock, delay: number, callback: () => void): Timer {
  const due = clock.now() + delay;
  let timer = clock.after(delay, () => {
    if (clock.now() < due + busy) callback();
    else timer = clock.after(delay, callback);
  });
  return { cancel: () => timer.cancel() };
}
