import { reportUncaught } from "../errors/report-uncaught.ts";

/** Tells the owner of a channel of values that nobody will receive. */
export class Undelivered<T> {
  readonly #onUndelivered: ((value: T) => void) | undefined;

  constructor(onUndelivered: ((value: T) => void) | undefined) {
    this.#onUndelivered = onUndelivered;
  }

  /** Never throws: the others that are to be told must not suffer. */
  report(value: T): void {
    if (!this.#onUndelivered) return;
    try {
      this.#onUndelivered(value);
    } catch (error) {
      reportUncaught(new Error("onUndelivered of a channel has thrown.", { cause: error }));
    }
  }
}
