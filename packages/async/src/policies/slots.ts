import {
  type AcquireOptions,
  InvalidOptionError,
  type Permit,
  type Semaphore,
} from "@quintet/core";
import { anyNumber, type Clock, never, wholeNumber } from "@quintet/core/kit";
import { WaitingLine } from "./waiting-line.ts";

/** The part of a semaphore that policies use. */
export type SlotSource = Pick<Semaphore, "acquire" | "tryAcquire" | "waiting">;

class Slot implements Permit {
  readonly weight: number;
  /** It is never lost. */
  readonly signal: AbortSignal = never;
  #slots: Slots | undefined;

  constructor(slots: Slots, weight: number) {
    this.#slots = slots;
    this.weight = weight;
  }

  release(): void {
    const slots = this.#slots;
    this.#slots = undefined;
    slots?.returned(this.weight);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }
}

/** The slots of a policy that was given a number and no semaphore. Nobody passes who waits. */
export class Slots implements SlotSource {
  readonly capacity: number;
  #free: number;
  readonly #line: WaitingLine<number, Permit>;

  constructor(capacity: number, clock: Clock) {
    this.capacity = capacity;
    this.#free = capacity;
    this.#line = new WaitingLine(clock, () => this.#drain());
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** *Errors*: `INVALID_OPTION`. */
  tryAcquire(weight: number = 1): Permit | undefined {
    this.check(weight);
    return this.#line.size === 0 && weight <= this.#free ? this.#grant(weight) : undefined;
  }

  /** *Errors*: `INVALID_OPTION`, which is thrown, as an aborted signal's reason is; `TIMEOUT`. */
  acquire({ weight = 1, signal = never, timeout, priority }: AcquireOptions = {}): Promise<Permit> {
    this.check(weight, priority);
    const permit = this.tryAcquire(weight);
    // Not an async function: each one more costs every caller that waits a promise and a turn of the queue.
    return permit
      ? Promise.resolve(permit)
      : this.#line.join(weight, { signal, priority, wait: timeout });
  }

  /** Only for permits. */
  returned(weight: number): void {
    this.#free += weight;
    this.#drain();
  }

  #drain(): void {
    for (let weight = this.#line.first; weight !== undefined; weight = this.#line.first) {
      if (weight > this.#free) return;
      this.#line.admit(this.#grant(weight));
    }
  }

  #grant(weight: number): Permit {
    this.#free -= weight;
    return new Slot(this, weight);
  }

  /** *Errors*: `INVALID_OPTION` for a weight or a priority that cannot be. */
  check(weight: number, priority: number = 0): void {
    const problem = wholeNumber(1)(weight, "weight") ?? anyNumber(priority, "priority");
    if (problem) throw new InvalidOptionError(`limit(): ${problem}.`);
    if (weight <= this.capacity) return;
    throw new InvalidOptionError(
      `limit(): weight must be at most the ${this.capacity} that there are, got ${weight}.`,
    );
  }
}
