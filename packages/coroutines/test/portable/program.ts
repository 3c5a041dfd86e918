export type Program = () => unknown;

/** What a promise rejects with, or its value. */
export const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((reason: unknown) => reason);
