import type { Subject } from "../subject.ts";

/** What is called: it takes a number and gives the next one. */
export type Call = (input: number) => Promise<number>;

/** The policies that are compared. All bounds are so wide that nothing is refused or late. */
export type PolicyName = "retry" | "timeout" | "circuitBreaker" | "limit" | "stack";

/** Somebody who has some of them. Each puts the policy around a call, once; what it gives is called often. */
export interface PolicySubject extends Subject {
  /** Tries three times, with no wait in between. */
  readonly retry?: (call: Call) => Call;
  /** Bounds a call to a minute. */
  readonly timeout?: (call: Call) => Call;
  /** Opens after five failures in a row. */
  readonly circuitBreaker?: (call: Call) => Call;
  /** Lets eight run at a time. */
  readonly limit?: (call: Call) => Call;
  /** All four: retry, circuit breaker, limit and timeout, from the outside in. */
  readonly stack?: (call: Call) => Call;
  /** Lets eight run at a time, over a list of inputs: for those who do it in one call. */
  readonly limitAll?: (call: Call, inputs: readonly number[]) => Promise<number[]>;
}
