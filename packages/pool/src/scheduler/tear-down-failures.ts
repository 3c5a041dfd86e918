// Kept, because a task may overwrite globals.
const { process } = globalThis;

/** Tells what tear-downs throw: to who closes the pool, before that as a warning of the process. */
export class TearDownFailures {
  #closing = false;
  readonly #thrown: unknown[] = [];

  /** From now on there is somebody to be told. */
  closing(): void {
    this.#closing = true;
  }

  add(pool: string, worker: string, thrown: unknown): void {
    if (this.#closing) {
      this.#thrown.push(thrown);
      return;
    }
    const what = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    process.emitWarning(`The tear-down of ${worker} of ${pool} failed.`, {
      type: "TeardownWarning",
      detail: what,
    });
  }

  /** Throws what was thrown: itself, or, where there were several, all together. */
  check(): void {
    const [first, ...others] = this.#thrown;
    if (others.length > 0)
      throw new AggregateError(this.#thrown, "The tear-down of several workers failed.");
    if (this.#thrown.length > 0) throw first;
  }
}
