import type { MapOptions } from "../../run-options.ts";
import { type AbortRegistration, onAbort } from "../waits/abort-hub.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import { late } from "../errors/refusals.ts";

/** What may end a whole map from outside: its signal and its deadline. */
export class MapBounds {
  #registration: AbortRegistration | undefined;
  #deadline: Timer | undefined;

  /** Calls back once when a bound is reached, at once where it was before. */
  set({ signal, deadline }: MapOptions, clock: Clock, end: (reason: unknown) => void): void {
    if (signal?.aborted) return end(signal.reason);
    if (signal) this.#registration = onAbort(signal, end);
    if (deadline === undefined) return;
    const left = Number(deadline) - clock.date();
    const expire = (): void => end(late("The map", Number(deadline)));
    if (left <= 0) expire();
    else if (left < Infinity) this.#deadline = clock.after(left, expire);
  }

  release(): void {
    this.#registration?.leave();
    this.#deadline?.cancel();
  }
}
