export { attemptsOf, type FailedAttempt } from "./attempts-of.ts";
export type { BackoffOptions, Jitter } from "./backoff.ts";
export { bulkhead, type BulkheadOptions } from "./bulkhead.ts";
export {
  type CircuitBreaker,
  circuitBreaker,
  type CircuitBreakerOptions,
} from "./circuit-breaker.ts";
export type { CircuitState } from "./circuit.ts";
export { type Dedupe, dedupe, type DedupeOptions } from "./dedupe.ts";
export type { FailureRate } from "./failure-trip.ts";
export { fallback, type FallbackOptions } from "./fallback.ts";
export { hedge, type HedgeOptions } from "./hedge.ts";
export { isRetriable } from "./is-retriable.ts";
export type { OverlapMode } from "./lane.ts";
export { limit, type LimitOptions } from "./limit.ts";
export { overlap, type OverlapOptions } from "./overlap.ts";
export { rateLimit, type RateLimitOptions } from "./rate-limit.ts";
export { retry, type RetryOptions } from "./retry.ts";
export type { RetryAfterValue } from "./retry-after.ts";
export { type RetryBudget, retryBudget, type RetryBudgetOptions } from "./retry-budget.ts";
export { timeout, type TimeoutOptions } from "./timeout.ts";
