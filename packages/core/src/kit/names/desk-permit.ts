import type { NamedPermit } from "../../named-semaphore.ts";
import { asking } from "./asking.ts";
import { type Grant, type NameDesk, nobody } from "./name-desk.ts";

const over = (): void => {};

/** A permit that a desk has given, and takes back once. */
export class DeskPermit implements NamedPermit {
  readonly weight: number;
  readonly fencingToken: number;
  readonly #desk: NameDesk;
  readonly #permit: number;
  readonly #loss: AbortController;
  #released: Promise<void> | undefined;

  /** `loss` aborts when it is lost. */
  constructor(
    desk: NameDesk,
    { permit, fencingToken }: Grant,
    weight: number,
    loss: AbortController,
  ) {
    this.weight = weight;
    this.fencingToken = fencingToken;
    this.#desk = desk;
    this.#permit = permit;
    this.#loss = loss;
  }

  get signal(): AbortSignal {
    return this.#loss.signal;
  }

  // Nobody waits for it, so that nobody need answer.
  release(): void {
    if (this.#released) return;
    this.#released = Promise.resolve();
    this.#desk.ask({ ask: "release", permit: this.#permit }, nobody);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  /** Waits until it is back. One that cannot be given back is no more renewed, and ends by itself. */
  [Symbol.asyncDispose](): Promise<void> {
    const request = { ask: "release", permit: this.#permit } as const;
    return (this.#released ??= asking<void>(this.#desk, request).then(over, over));
  }
}
