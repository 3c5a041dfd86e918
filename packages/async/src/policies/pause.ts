import { type Clock, onAbort } from "@quintet/core/kit";

/** Waits so many milliseconds; an abort rejects at once with its reason, and no timer and no listener is left. */
export function pause(clock: Clock, delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = clock.after(delay, () => {
      registration.leave();
      resolve();
    });
    const registration = onAbort(signal, (reason) => {
      timer.cancel();
      reject(reason);
    });
  });
}
