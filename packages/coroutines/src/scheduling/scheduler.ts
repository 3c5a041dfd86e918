import { reportUncaught, WaitLine, WaitPlace } from "@quintet/core/kit";
import type { TimeSlice } from "./time-slice.ts";

/** What takes turns with others. */
export abstract class Stepper extends WaitPlace {
  abstract readonly priority: number;
  /**
   * Makes one step; false when it does not want another until it is `ready` again. `isHome` says that the async context
   * is its own already, which it would take a tenth of a microsecond to enter.
   */
  abstract step(isHome: boolean): boolean;
}

/** Not `queueMicrotask`, for which Node makes an async resource each time. */
const soon = Promise.resolve();

/** Lets whoever is ready make a step after the other: higher priority first, in turns within one. */
export class Scheduler {
  readonly slice: TimeSlice;
  readonly #ready = new WaitLine<Stepper>();
  #awake = false;
  /** The one in whose own async context the next run is. */
  #home: Stepper | undefined;

  constructor(slice: TimeSlice) {
    this.slice = slice;
  }

  /** Whether the one that makes a step could make the next one as well: nobody else is there, and time is left. */
  get isAlone(): boolean {
    return this.#ready.size === 1 && !this.slice.spend();
  }

  /** Queues one that is not in the queue. `isHome`: this is called in its own async context. */
  ready(stepper: Stepper, isHome: boolean): void {
    this.#ready.join(stepper, stepper.priority);
    if (this.#awake) return;
    this.#awake = true;
    this.#home = undefined;
    // A microtask, so that priority decides among all that become ready together.
    if (this.slice.over) this.slice.next(this.#run);
    else {
      if (isHome) this.#home = stepper;
      void soon.then(this.#run); // which never throws
    }
  }

  #run = (): void => {
    while (this.#ready.size > 0) {
      if (this.slice.spend()) {
        this.#home = undefined; // who knows whose context the next turn is in
        return this.slice.next(this.#run);
      }
      const stepper = this.#ready.rotate();
      if (stepper && !step(stepper, stepper === this.#home)) this.#ready.leave(stepper);
    }
    this.#awake = false;
  };
}

// What one throws, when it tells somebody that it has ended, must not stop the others.
function step(stepper: Stepper, isHome: boolean): boolean {
  try {
    return stepper.step(isHome);
  } catch (error) {
    reportUncaught(error);
    return false;
  }
}
