import { isQuintetError, TimeoutError } from "@quintet/core";

/**
 * What aborts work that is not needed any more: an `AbortError` as the platform has it, whose `cause` says why.
 * The cause is defined by hand, because browsers' `DOMException` takes none.
 */
export function abortError(message: string, cause?: unknown): DOMException {
  const error = new DOMException(message, "AbortError");
  if (cause === undefined) return error;
  return Object.defineProperty(error, "cause", { value: cause, configurable: true });
}

/**
 * Whether an error only says that its task was aborted for this reason: the reason itself, an error with the reason as
 * its cause, an `AbortError` of an API that has its own, or several of those.
 *
 * That tasks of a group within leaked is news, though it has the reason as its cause.
 *
 * Ask it only of a task whose signal has aborted: an `AbortError` out of the blue is an error like any other.
 */
export function isAbortOf(reason: unknown, error: unknown): boolean {
  if (Object.is(error, reason)) return true;
  if (typeof error !== "object" || error === null || isQuintetError(error, "TASKS_LEAKED"))
    return false;
  const { name, cause, errors } = error as { name?: unknown; cause?: unknown; errors?: unknown };
  if (name === "AbortError" || ("cause" in error && Object.is(cause, reason))) return true;
  return (
    Array.isArray(errors) && errors.length > 0 && errors.every((each) => isAbortOf(reason, each))
  );
}

/** For a group that was not done by its deadline, in milliseconds since 1970. */
export function lateGroup(name: string, deadline: number): TimeoutError {
  return new TimeoutError(
    `${name} was not done by its deadline, ${new Date(deadline).toISOString()}.`,
  );
}
