import type { Subject } from "../subject.ts";

/** What is called: it takes a number and gives the next one. */
export type Call = (input: number) => Promise<number>;

/** The same with an abort signal, the caller's or one that aborts with it. */
export type SignalledCall = (input: number, signal: AbortSignal) => Promise<number>;

/** The policies that are compared. All bounds are so wide that nothing is refused or late. */
export type PolicyName = "retry" | "timeout" | "circuitBreaker" | "limit" | "stack";

/** Some of them. Each puts the policy around a call, once; what it gives is called often. */
export interface PolicyParts<Guarded> {
  /** Tries three times, with no wait in between. */
  readonly retry?: (call: Guarded) => Guarded;
  /** Bounds a call to a minute. */
  readonly timeout?: (call: Guarded) => Guarded;
  /** Opens after five failures in a row. */
  readonly circuitBreaker?: (call: Guarded) => Guarded;
  /** Lets eight run at a time. */
  readonly limit?: (call: Guarded) => Guarded;
  /** All four: retry, circuit breaker, limit and timeout, from the outside in. */
  readonly stack?: (call: Guarded) => Guarded;
}

/** Somebody who has some policies. */
export interface PolicySubject extends Subject, PolicyParts<Call> {
  /** Lets eight run at a time, over a list of inputs: for those who do it in one call. */
  readonly limitAll?: (call: Call, inputs: readonly number[]) => Promise<number[]>;
  /** Those that take an abort signal with each call, and hand it to the function where they can. */
  readonly withSignal?: PolicyParts<SignalledCall>;
}
