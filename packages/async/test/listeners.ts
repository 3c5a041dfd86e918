import { getEventListeners } from "node:events";

/** How many listen for the abort of a signal. */
export const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

/** Counts what listens to a signal or another target, for whatever event: what was added and not taken away. */
export function countListeners(signal: AbortSignal): () => number {
  const added = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>): void => {
    added.add(args[1]);
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>): void => {
    added.delete(args[1]);
    remove(...args);
  };
  return () => added.size;
}
