// Kept, because a task may overwrite globals.
const { performance } = globalThis;

/** Runs of less than so many milliseconds are measured together: reading the clock takes longer than they do. */
const short = 0.002;

/** So many of them at most. */
const mostTogether = 4;

/** Measures how long runs take that follow each other. */
export class Stopwatch {
  /** When something last happened, on the performance clock. */
  now = 0;
  /** How long the last run ran. */
  last = 0;
  /** How many further runs are measured together with those before, of which each is taken to last so long. */
  #left = 0;
  #together = 1;
  #each = 0;
  #counted = 0;

  /** Something happens now, after which a run may start. */
  touch(): number {
    this.#left = this.#counted = 0;
    this.#together = 1;
    return (this.now = performance.now());
  }

  /** The run has ended that began when something last happened: for how many milliseconds it ran. */
  lap(): number {
    const begun = this.now + this.#counted;
    return (this.last = Math.max(0, this.touch() - begun));
  }

  /**
   * The same of a run that began right after the one before. Of several short ones, each but the last counts as long
   * as those before were; all the rest is the last one's, so that a long one among them shows as what it is.
   */
  lapOfMany(): number {
    if (this.#left > 0) {
      this.#left--;
      this.#counted += this.#each;
      return this.#each;
    }
    const before = this.now;
    this.now = performance.now();
    const all = this.now - before;
    const rest = (this.last = Math.max(0, all - this.#counted));
    this.#each = all / this.#together;
    this.#together = this.#each < short ? Math.min(2 * this.#together, mostTogether) : 1;
    this.#left = this.#together - 1;
    this.#counted = 0;
    return rest;
  }
}
