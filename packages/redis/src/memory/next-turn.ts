/** Resolves in the next turn of the event loop, when what was ready has had its chance. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
