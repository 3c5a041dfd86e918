import { isQuintetError, type RetryAfter } from "@quintet/core";
import type { Clock } from "@quintet/core/kit";

/** Milliseconds, a moment, or the text of an HTTP `Retry-After` header: seconds or a date. */
export type RetryAfterValue = number | Date | string | null | undefined;

/** What our own errors say. */
export function ownRetryAfter(error: unknown): number | undefined {
  return isQuintetError(error) ? (error as Partial<RetryAfter>).retryAfter : undefined;
}

/** Milliseconds from now, none for what is past; `undefined` for what says nothing, or nothing that can be read. */
export function millisecondsUntil(value: RetryAfterValue, clock: Clock): number | undefined {
  const delay = readDelay(value, clock);
  return delay === undefined || Number.isNaN(delay) ? undefined : Math.max(delay, 0);
}

function readDelay(value: RetryAfterValue, clock: Clock): number | undefined {
  if (typeof value === "number") return value;
  if (value instanceof Date) return value.getTime() - clock.date();
  if (typeof value !== "string") return undefined;
  // Not Number(): an empty header, a sign or an exponent is no count of seconds.
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  // A date of HTTP names its month; without one, Date.parse() takes "-5" for a year.
  return /[a-z]/i.test(value) ? Date.parse(value) - clock.date() : undefined;
}
