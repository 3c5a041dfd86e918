/**
 * Lets what shared a worker that was lost run alone: if that worker is lost as well, it is known who was guilty.
 * Others run side by side. First come, first served, so that neither kind keeps the other waiting for ever.
 */
export class Seclusion {
  readonly #isNeeded: boolean;
  readonly #waiting: { readonly alone: boolean; readonly enter: () => void }[] = [];
  #inside = 0;
  #isAlone = false;

  constructor(isNeeded: boolean) {
    this.#isNeeded = isNeeded;
  }

  /** Resolves when it may run; what it gives has to be called at its end. */
  async enter(alone: boolean): Promise<() => void> {
    const secluded = alone && this.#isNeeded;
    if (this.#waiting.length > 0 || !this.#hasRoom(secluded)) {
      const entered = Promise.withResolvers<void>();
      this.#waiting.push({ alone: secluded, enter: entered.resolve });
      await entered.promise;
    } else this.#take(secluded);
    return () => this.#leave();
  }

  #hasRoom(alone: boolean): boolean {
    return alone ? this.#inside === 0 : !this.#isAlone;
  }

  #take(alone: boolean): void {
    this.#inside++;
    this.#isAlone = alone;
  }

  #leave(): void {
    this.#inside--;
    if (this.#inside === 0) this.#isAlone = false;
    for (
      let first = this.#waiting[0];
      first && this.#hasRoom(first.alone);
      first = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.#take(first.alone);
      first.enter();
    }
  }
}
