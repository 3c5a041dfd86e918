/** Whether an error says no more than that something was aborted, for this reason. */
export const isAbort = (error: unknown, reason: unknown): boolean =>
  Object.is(error, reason) || (error instanceof Error && error.name === "AbortError");
