import type { Clock } from "@quintet/core/kit";

/** Milliseconds between two looks. */
const lookEvery = 100;

/** Sees whether a worker keeps more memory than it may. */
export class MemoryWatch {
  /** When it is time to look, on the performance clock; never without a limit. */
  due: number = Infinity;
  #limit = Infinity;
  readonly #read: () => number;
  readonly #tell: () => void;
  readonly #clock: Clock;

  /** `read` gives bytes, `tell` is called at most once. */
  constructor(read: () => number, tell: () => void, clock: Clock) {
    this.#read = read;
    this.#tell = tell;
    this.#clock = clock;
  }

  /** From now on no more than so many bytes. */
  limit(bytes: number): void {
    this.#limit = bytes;
    if (bytes < Infinity) this.due = 0;
  }

  /** A task has ended, and it was due. What the task has just let go of may still be there, so it looks twice. */
  look(now: number): void {
    if (!this.#exceeded()) {
      this.due = now + lookEvery;
      return;
    }
    this.due = Infinity;
    const again = (): void => {
      if (this.#exceeded()) this.#tell();
      else this.due = 0;
    };
    this.#clock.after(lookEvery, again, { background: true });
  }

  #exceeded(): boolean {
    return this.#read() > this.#limit;
  }
}
