import { nodeModule, systemClock } from "@quintet/core/kit";

type CallLater = (callback: () => void) => void;

/**
 * Calls back in the event loop's next turn: after the timers that are due and the I/O that is ready.
 * Not `setTimeout(0)` where there is something better: it waits a millisecond, and four when nested in a page.
 */
export const nextTurn: CallLater =
  typeof setImmediate === "function" ? setImmediate : withoutImmediate();

/**
 * Test environments that play a page hide `setImmediate` in Node. Messages cannot take its place there, nor in Bun: a
 * port keeps the process alive, and hundreds of messages, each with a slice, go before the next timer.
 */
function withoutImmediate(): CallLater {
  const isPage = nodeModule("node:process") === undefined;
  return isPage && typeof MessageChannel === "function" ? throughMessages() : throughTimers;
}

/** A message to oneself is a turn of its own, without a delay. */
function throughMessages(): CallLater {
  const callbacks: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", () => callbacks.shift()?.());
  port1.start();
  return (callback) => {
    callbacks.push(callback);
    port2.postMessage(undefined);
  };
}

/** Twice: a timer that was set before a slice is due ahead of those that became due during it. */
function throughTimers(callback: () => void): void {
  systemClock.after(0, () => void systemClock.after(0, callback));
}
