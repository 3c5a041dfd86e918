import type { Executor } from "@quintet/core";
import { type Turn, turns } from "./turns.tasks.ts";

/** How many tasks take turns. */
export const turnCount = 20;

/** Has tasks take turns, and tells how many had theirs at the same time at most: one, wherever they run. */
export async function takeTurns(executor: Executor, signal: AbortSignal): Promise<number> {
  const told = executor.channel<Turn>("turns", { capacity: 8 });
  const numbers = Array.from({ length: turnCount }, (_, index) => index);
  const taken = executor.map(turns.take, numbers, { signal }).toArray();
  const ended = taken.then(
    () => told.close(),
    (error: unknown) => told.close(error),
  );
  let [now, most] = [0, 0];
  for await (const turn of told) {
    now += turn === "begins" ? 1 : -1;
    most = Math.max(most, now);
  }
  await ended;
  return most;
}
