import { type ErrorCode, isQuintetError, type QuintetErrors } from "@quintet/core";
import { describeValue } from "./describe-value.ts";

// The suite brings its own assertions, because every runner has others.

/** Fails unless a condition holds; `message` says what does not. */
export function ok(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Fails unless both are the very same value. */
export function same(actual: unknown, expected: unknown, what: string = "The value"): void {
  ok(
    Object.is(actual, expected),
    `${what} is ${shown(actual)}, where ${shown(expected)} itself is due.`,
  );
}

/** Fails unless both look the same, all the way down. */
export function alike(actual: unknown, expected: unknown, what: string = "The value"): void {
  const [is, due] = [describeValue(actual), describeValue(expected)];
  ok(is === due, `${what} is ${short(is)}, where ${short(due)} is due.`);
}

/** What a promise rejects with; fails when it does not. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ rejected: false, value }),
    (value: unknown) => ({ rejected: true, value }),
  );
  ok(outcome.rejected, `It should be rejected, and gave ${shown(outcome.value)}.`);
  return outcome.value;
}

/** One of our errors that a promise rejects with; fails when it is no error of this code. */
export async function refusal<Code extends ErrorCode>(
  promise: PromiseLike<unknown>,
  code: Code,
): Promise<QuintetErrors[Code]> {
  const error = await rejection(promise);
  ok(isQuintetError(error, code), `It is rejected with ${shown(error)}, where ${code} is due.`);
  return error;
}

/** An `Error` that a promise rejects with; fails when it is none. */
export async function failure(promise: PromiseLike<unknown>): Promise<Error> {
  const error = await rejection(promise);
  ok(error instanceof Error, `It is rejected with ${shown(error)}, where an Error is due.`);
  return error;
}

/** Lets a promise be rejected before anybody looks at it. */
export function later<T extends PromiseLike<unknown>>(promise: T): T {
  promise.then(undefined, () => {});
  return promise;
}

/** A value in a message. */
export function shown(value: unknown): string {
  try {
    if (!(value instanceof Error)) return short(describeValue(value));
    const { code } = value as { code?: string };
    return `${value.name}${code === undefined ? "" : ` [${code}]`}: ${value.message}`;
  } catch {
    return `a hostile ${typeof value}`;
  }
}

const short = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
