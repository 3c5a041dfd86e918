/** Keeps so many runs under way until there is no further input; nothing waits for the slowest of a batch. */
export async function inFlight(
  window: number,
  tasks: number,
  run: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  async function lane(): Promise<void> {
    while (next < tasks) await run(next++);
  }
  await Promise.all(Array.from({ length: Math.min(window, tasks) }, lane));
}
