/**
 * Pauses a producer that is ahead of its consumer: each item takes a credit, the consumer grants them.
 * One producer, which takes one credit at a time.
 */
export class CreditGate {
  #credits: number;
  #paused: PromiseWithResolvers<void> | undefined;
  #closed: { readonly reason: unknown } | undefined;

  constructor(credits: number) {
    this.#credits = credits;
  }

  /** Takes a credit; gives a promise when the producer must wait for it. *Errors*: the reason it was closed with. */
  take(): void | Promise<void> {
    if (this.#closed) return Promise.reject(this.#closed.reason);
    if (this.#credits > 0) {
      this.#credits--;
      return undefined;
    }
    this.#paused = Promise.withResolvers();
    return this.#paused.promise;
  }

  /** Adds credits and lets a paused producer go on. */
  grant(credits: number): void {
    this.#credits += credits;
    if (!this.#paused || this.#credits === 0) return;
    this.#credits--;
    const paused = this.#paused;
    this.#paused = undefined;
    paused.resolve();
  }

  /** Ends the wait of a paused producer with an error, and every later one. */
  close(reason: unknown): void {
    this.#closed ??= { reason };
    this.#paused?.reject(this.#closed.reason);
    this.#paused = undefined;
  }
}
