import { eventLoop } from "@quintet/async";
import { expect, it } from "vitest";
import { takeTurns, turnCount } from "./take-turns.ts";

const { signal } = new AbortController();

it("finds that one task at a time has its turn, though all run at once", async () => {
  await using executor = eventLoop({ concurrency: turnCount });
  expect(await takeTurns(executor, signal)).toBe(1);
});

it("would find more if there were more permits", async () => {
  await using executor = eventLoop({ concurrency: turnCount });
  executor.semaphore("whose turn it is", 3);
  expect(await takeTurns(executor, signal)).toBe(3);
});

it("ends with the error of a task", async () => {
  await using executor = eventLoop();
  const reason = new Error("enough");
  await expect(takeTurns(executor, AbortSignal.abort(reason))).rejects.toBe(reason);
});
