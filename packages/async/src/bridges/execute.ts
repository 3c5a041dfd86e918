import { onAbort } from "@quintet/core/kit";
import { execute as executeWith } from "abort-controller-x";

/** Begins something that calls back, and gives a function that ends it early. */
export type Begin<Result> = (
  resolve: (value: Result) => void,
  reject: (reason: unknown) => void,
) => (() => unknown) | void;

/**
 * A promise for something that calls back, with a way to end it early: `execute` of abort-controller-x, which waits for
 * that end before it rejects. Here besides: `begin` may abort the signal itself, which there never settles; the reason
 * stays what it is, also null, and whatever the end calls back with; the end may throw; and all waits on a signal
 * share one listener.
 */
export async function execute<Result>(
  signal: AbortSignal | undefined,
  begin: Begin<Result>,
): Promise<Result> {
  if (signal?.aborted) throw signal.reason;
  const inner = new AbortController();
  let hasBegun = false;
  const registration =
    signal &&
    onAbort(signal, () => {
      if (hasBegun) inner.abort();
    });
  try {
    const promise = executeWith<Result>(inner.signal, (resolve, reject) => {
      let isEnding = false;
      const whileOpen =
        <Value>(settle: (value: Value) => void) =>
        (value: Value): void => {
          if (!isEnding) settle(value);
        };
      const end = begin(whileOpen(resolve), whileOpen(reject));
      return async () => {
        isEnding = true; // what is ended often calls back to say so
        await end?.();
        throw signal?.reason;
      };
    });
    hasBegun = true;
    if (signal?.aborted) inner.abort();
    return await promise;
  } finally {
    registration?.leave();
  }
}
