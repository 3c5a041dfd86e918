import type { Arm, Parked } from "../../selectable.ts";
import type { Timer } from "../clock/clock.ts";
import { type Asked, givenUp, type Reply } from "./name-desk.ts";

/** Something that was asked and has to wait: until it is answered, is given up, or its time is over. */
export class WaitingAsk implements Arm<unknown>, Asked {
  /** Where it waits. */
  parked: Parked | undefined;
  timer: Timer | undefined;
  readonly #reply: Reply;
  readonly #onOver: (ask: WaitingAsk) => void;
  #isOver = false;

  /** `onOver` is called once, before the answer is given. */
  constructor(reply: Reply, onOver: (ask: WaitingAsk) => void) {
    this.#reply = reply;
    this.#onOver = onOver;
  }

  get owner(): object {
    return this;
  }

  fire(answer: unknown): boolean {
    if (!this.#end()) return false;
    this.#reply.done(answer);
    return true;
  }

  fail(error: unknown): boolean {
    if (!this.#end()) return false;
    this.#reply.failed(error);
    return true;
  }

  leave(): void {
    this.giveUp(givenUp);
  }

  /** Leaves, and fails with the reason; does nothing when it was answered. */
  giveUp(reason: unknown): void {
    if (this.#isOver) return;
    this.parked?.leave();
    this.fail(reason);
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.timer?.cancel();
    this.#onOver(this);
    return true;
  }
}
