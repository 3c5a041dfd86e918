import { isQuintetError } from "@quintet/core";

/** Of these the next attempt would say the same. */
const lasting = new Set<string>([
  "CLOSED",
  "TASK_NOT_FOUND",
  "TASK_LOAD_FAILED",
  "NOT_CLONEABLE",
  "NOT_SUPPORTED",
  "INVALID_OPTION",
  "RESULTS_CONSUMED",
  "NESTED_EXECUTOR",
  "CIRCUIT_OPEN",
  "DROPPED",
  "TOO_LARGE",
  "MALFORMED",
]);

/**
 * Whether `retry` tries again by itself: after every error but those of Quintet's own that would come again, which are
 * wrong calls, what is closed, an open circuit and what an overlap policy dropped.
 */
export function isRetriable(error: unknown): boolean {
  return !isQuintetError(error) || !lasting.has(error.code);
}
