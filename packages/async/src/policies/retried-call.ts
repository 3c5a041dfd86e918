import { type Call, InvalidOptionError } from "@quintet/core";
import { type Clock, isThenable } from "@quintet/core/kit";
import { sleep } from "../bridges/sleep.ts";
import { abortable } from "./abortable.ts";
import { type FailedAttempt, recordAttempts } from "./attempts-of.ts";
import type { Backoff } from "./backoff.ts";
import { asCancelled } from "./cancelled.ts";
import { millisecondsUntil, type RetryAfterValue } from "./retry-after.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** What all calls of one `retry` have in common. */
export interface RetryTerms {
  readonly attempts: number;
  readonly backoff: Backoff;
  readonly when: (error: unknown, attempt: number) => boolean | PromiseLike<boolean>;
  readonly retryAfter: (error: unknown) => RetryAfterValue;
  readonly within: number;
  readonly budget: RetryBudget | undefined;
  readonly onRetry: ((failed: FailedAttempt) => void) | undefined;
  readonly clock: Clock;
}

/** Attempts may be without end, and memory is not. */
const mostKept = 100;

type Stopped = NonNullable<FailedAttempt["stopped"]>;

/** A call that has failed: decides what comes next, and waits for it. */
export class RetriedCall {
  readonly #terms: RetryTerms;
  readonly #call: Call;
  readonly #start: number;
  readonly #failed: FailedAttempt[] = [];
  #count = 0;

  constructor(terms: RetryTerms, call: Call, start: number) {
    this.#terms = terms;
    this.#call = call;
    this.#start = start;
  }

  /** Resolves when it is time for the next attempt. *Errors*: that of the call, when there is none. */
  async failed(error: unknown): Promise<void> {
    const { signal } = this.#call;
    const attempt = this.#call.attempt + this.#count++;
    try {
      const next = this.#stopped() ?? (await this.#next(error, attempt));
      if (typeof next === "string") {
        this.#note({ attempt, error, stopped: next });
        throw asCancelled(error, signal);
      }
      const failed: FailedAttempt = { attempt, error, delay: next };
      this.#note(failed);
      this.#terms.onRetry?.(failed);
      signal.throwIfAborted(); // onRetry may have done so
      if (this.#hasToWait(next)) await sleep(next, { clock: this.#terms.clock, signal });
    } catch (thrown) {
      // The reason of an abort is that of other calls as well.
      if (!signal.aborted || thrown !== signal.reason) recordAttempts(thrown, this.#failed);
      throw thrown;
    }
  }

  #note(failed: FailedAttempt): void {
    if (this.#failed.push(failed) > mostKept) this.#failed.shift();
  }

  #stopped(): Stopped | undefined {
    if (this.#call.signal.aborted) return "aborted";
    if (this.#call.isSpent?.()) return "spent";
    return this.#count >= this.#terms.attempts ? "attempts" : undefined;
  }

  /** How long to wait, or why there is no further attempt. A promise only where `when` gives one. */
  #next(error: unknown, attempt: number): number | Stopped | Promise<number | Stopped> {
    const answer = this.#terms.when(error, attempt);
    return isThenable(answer) ? this.#later(answer, error) : this.#decide(answer, error);
  }

  async #later(answer: PromiseLike<boolean>, error: unknown): Promise<number | Stopped> {
    return this.#decide(await abortable(answer, this.#call.signal), error);
  }

  #decide(isWorthwhile: boolean, error: unknown): number | Stopped {
    if (!isWorthwhile) return "when";
    const delay = this.#delay(error);
    this.#call.signal.throwIfAborted(); // what was called here may have done so
    const { within, budget, clock } = this.#terms;
    if (delay === Infinity) return "within"; // there is no time at which it would start
    if (within !== Infinity && clock.now() + delay - this.#start > within) return "within";
    return budget && !budget.tryRetry() ? "budget" : delay;
  }

  #delay(error: unknown): number {
    const { retryAfter, backoff, clock } = this.#terms;
    const asked = millisecondsUntil(retryAfter(error), clock);
    if (asked !== undefined) return asked + backoff.spread(this.#count);
    const delay = backoff.delay(this.#count, error);
    if (delay >= 0) return delay;
    throw new InvalidOptionError(`retry(): backoff must give milliseconds, got ${delay}.`, {
      cause: error,
    });
  }

  #hasToWait(delay: number): boolean {
    // Without any wait, attempts without end would let nothing else run, also nothing that could abort them.
    return delay > 0 || (this.#terms.attempts === Infinity && this.#count % 100 === 0);
  }
}
