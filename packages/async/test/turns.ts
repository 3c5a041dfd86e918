/** Lets every reaction that is ready run. */
export const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Lets so many reactions run, one after another, and not the ones behind them. */
export async function ticks(count: number = 20): Promise<void> {
  for (let left = count; left > 0; left--) await Promise.resolve();
}

/** How a promise stands, after everything that is ready has run. */
export async function stateOf(
  promise: Promise<unknown>,
): Promise<"pending" | "resolved" | "rejected"> {
  let state: "pending" | "resolved" | "rejected" = "pending";
  promise.then(
    () => (state = "resolved"),
    () => (state = "rejected"),
  );
  await turn();
  return state;
}
