import { reportUncaught, WaitLine, WaitPlace } from "@quintet/core/kit";
import type { TimeSlice } from "./time-slice.ts";

/** What takes turns with others. */
export abstract class Stepper extends WaitPlace {
  abstract readonly priority: number;
  /** Makes one step; false when it does not want another until it is `ready` again. */
  abstract step(): boolean;
}

/** Lets whoever is ready make a step after the other: higher priority first, in turns within one. */
export class Scheduler {
  readonly slice: TimeSlice;
  readonly #ready = new WaitLine<Stepper>();
  #awake = false;

  constructor(slice: TimeSlice) {
    this.slice = slice;
  }

  /** Whether the one that makes a step could make the next one as well: nobody else is there, and time is left. */
  get isAlone(): boolean {
    return this.#ready.size === 1 && !this.slice.spend();
  }

  /** Queues one that is not in the queue. */
  ready(stepper: Stepper): void {
    this.#ready.join(stepper, stepper.priority);
    if (this.#awake) return;
    this.#awake = true;
    // A microtask, so that priority decides among all that become ready together.
    if (this.slice.over) this.slice.next(this.#run);
    else queueMicrotask(this.#run);
  }

  #run = (): void => {
    while (this.#ready.size > 0) {
      if (this.slice.spend()) return this.slice.next(this.#run);
      const stepper = this.#ready.rotate();
      if (stepper && !step(stepper)) this.#ready.leave(stepper);
    }
    this.#awake = false;
  };
}

// What one throws, when it tells somebody that it has ended, must not stop the others.
function step(stepper: Stepper): boolean {
  try {
    return stepper.step();
  } catch (error) {
    reportUncaught(error);
    return false;
  }
}
