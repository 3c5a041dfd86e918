import type { Call } from "@quintet/core";
import type { Clock, Timer } from "@quintet/core/kit";
import { type FailedAttempt, recordAttempts } from "./attempts-of.ts";
import { asCancelled } from "./cancelled.ts";
import { Leg } from "./leg.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** How a call is hedged. */
export interface HedgeTerms {
  readonly attempts: number;
  readonly delay: number;
  readonly budget: RetryBudget | undefined;
  readonly clock: Clock;
}

/** One call, made several times at once. */
export class HedgedCall<Output> {
  readonly answer: Promise<Output>;
  readonly #start: (call: Call) => Promise<Output>;
  readonly #call: Call;
  readonly #terms: HedgeTerms;
  readonly #underWay = new Set<Leg<Output>>();
  readonly #failed: FailedAttempt[] = [];
  readonly #resolve: (value: Output) => void;
  readonly #reject: (error: unknown) => void;
  #made = 0;
  #timer: Timer | undefined;

  constructor(start: (call: Call) => Promise<Output>, call: Call, terms: HedgeTerms) {
    const { promise, resolve, reject } = Promise.withResolvers<Output>();
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#start = start;
    this.#call = call;
    this.#terms = terms;
    this.#next();
  }

  #next(): void {
    const attempt = this.#call.attempt + this.#made++;
    const { clock, delay, attempts } = this.#terms;
    // Before the call: a function that blocks is late as well.
    this.#timer = this.#made < attempts ? clock.after(delay, this.#late) : undefined;
    const leg: Leg<Output> = new Leg(
      this.#start,
      { ...this.#call, attempt },
      (value) => this.#succeed(leg, value),
      (error) => this.#fail(leg, { attempt, error }),
    );
    this.#underWay.add(leg);
  }

  #late = (): void => {
    const { budget } = this.#terms;
    const { signal, isSpent } = this.#call;
    if (signal.aborted || isSpent?.() || (budget && !budget.tryRetry())) return;
    this.#next();
  };

  #succeed(winner: Leg<Output>, value: Output): void {
    this.#timer?.cancel();
    this.#underWay.delete(winner);
    for (const leg of this.#underWay)
      leg.giveUp(new DOMException("Another call has answered first.", "AbortError"));
    this.#resolve(value);
  }

  #fail(leg: Leg<Output>, failed: FailedAttempt): void {
    this.#underWay.delete(leg);
    this.#failed.push(failed);
    if (this.#underWay.size > 0) return;
    this.#timer?.cancel();
    const { signal } = this.#call;
    const error = asCancelled(this.#failed[0]?.error, signal);
    if (!signal.aborted) recordAttempts(error, this.#failed);
    this.#reject(error);
  }
}
