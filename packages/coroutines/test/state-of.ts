import { systemClock } from "@quintet/core/kit";

/** Lets every reaction that is ready run. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => void systemClock.after(0, resolve));

/** How a promise stands after every reaction that is ready: its value, `{ error }`, or `"pending"`. */
export async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  let state: unknown = "pending";
  promise.then(
    (value) => (state = value),
    (error: unknown) => (state = { error }),
  );
  await turn();
  return state;
}
