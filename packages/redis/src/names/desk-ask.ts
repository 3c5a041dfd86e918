import { TimeoutError } from "@quintet/core";
import {
  type Asked,
  type Clock,
  givenUp,
  type NameRequest,
  type Reply,
  type Timer,
} from "@quintet/core/kit";
import { afterBusy } from "../client/after-busy.ts";

/** What Redis is asked: all but that a permit is taken back, which waits for nothing. */
export type Question = Exclude<NameRequest, { readonly ask: "release" }>;

/** Who has asked it for somebody. */
export interface AskOwner {
  readonly clock: Clock;
  /** How long Redis may say nothing of a question, in milliseconds. */
  readonly patience: number;
  /** It stands in line, and is not to wait any more. */
  takeOut(ask: DeskAsk): void;
  /** Redis has said nothing of it for too long. */
  giveUpOn(ask: DeskAsk): void;
}

/** Something that was asked, until it is answered. */
export class DeskAsk implements Asked {
  readonly number: number;
  readonly request: Question;
  /** What of it goes to Redis. */
  readonly terms: readonly string[];
  readonly reply: Reply;
  readonly #owner: AskOwner;
  #isOver = false;
  #patience: Timer | undefined;
  #timeout: Timer | undefined;
  /** Redis has it in a line. */
  isParked = false;
  /** Why it is not to wait any more. */
  leaving: { readonly reason: unknown } | undefined;
  /** Its asker was told of a failure; what Redis still makes of it has to be undone. */
  isAbandoned = false;

  constructor(
    number: number,
    request: Question,
    terms: readonly string[],
    reply: Reply,
    owner: AskOwner,
  ) {
    this.number = number;
    this.request = request;
    this.terms = terms;
    this.reply = reply;
    this.#owner = owner;
    this.expectAnswer();
    const { timeout = Infinity } = request as { readonly timeout?: number | undefined };
    if (timeout === Infinity) return;
    const message = `semaphore ${JSON.stringify(request.name)}: waited ${timeout} ms for a permit in vain.`;
    this.#timeout = owner.clock.after(timeout, () => this.giveUp(new TimeoutError(message)));
  }

  /** From now on Redis has to say something within a while. */
  expectAnswer(): void {
    const { clock, patience } = this.#owner;
    this.#patience?.cancel();
    this.#patience = afterBusy(clock, patience, () => this.#owner.giveUpOn(this));
  }

  /** It stands in line, where it may stay. */
  parked(): void {
    if (this.leaving) this.#owner.takeOut(this);
    else this.#patience?.cancel();
  }

  leave(): void {
    this.giveUp(givenUp);
  }

  /** Fails with the reason, unless it is answered before Redis knows that. */
  giveUp(reason: unknown): void {
    if (this.leaving || this.#isOver) return;
    this.leaving = { reason };
    this.expectAnswer();
    if (this.isParked) this.#owner.takeOut(this);
  }

  /** Waits for nothing any more. */
  end(): void {
    this.#isOver = true;
    this.#timeout?.cancel();
    this.#patience?.cancel();
  }
}
