import { onAbort } from "@quintet/core/kit";

/** Waits for a promise that knows no signal; an abort rejects at once with its reason. */
export function abortable<Value>(promise: PromiseLike<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const registration = signal.aborted ? undefined : onAbort(signal, reject);
    if (!registration) reject(signal.reason);
    // Resolved, because a thenable may throw where it should call back.
    Promise.resolve(promise).then(
      (value) => {
        registration?.leave();
        resolve(value);
      },
      (error: unknown) => {
        registration?.leave();
        reject(error);
      },
    );
  });
}
