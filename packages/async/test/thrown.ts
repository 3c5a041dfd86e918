/** What a promise rejects with; fails where it does not. */
export const thrown = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    (value) => {
      throw new Error(`It gave ${String(value)} instead of rejecting.`);
    },
    (error: unknown) => error,
  );
