import { systemClock } from "@quintet/core/kit";

/**
 * Calls back in the event loop's next turn: after the timers that are due and the I/O that is ready.
 * Not `setTimeout(0)` where there is something better: it waits a millisecond, and four when nested in a page.
 */
export const nextTurn: (callback: () => void) => void =
  typeof setImmediate === "function"
    ? setImmediate
    : typeof MessageChannel === "function"
      ? throughMessages()
      : (callback) => void systemClock.after(0, callback);

/** As pages do it: a message to oneself is a turn of its own, without a delay. */
function throughMessages(): (callback: () => void) => void {
  const callbacks: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", () => callbacks.shift()?.());
  port1.start();
  return (callback) => {
    callbacks.push(callback);
    port2.postMessage(undefined);
  };
}
