import PQueue from "p-queue";
import { expect, it, onTestFinished, vi } from "vitest";
import { eventLoop } from "./event-loop.ts";

it("fails the run that its queue does not take, and goes on", async () => {
  const executor = eventLoop();
  const refusal = new Error("The queue is broken.");
  const add = vi.spyOn(PQueue.prototype, "add").mockRejectedValueOnce(refusal);
  onTestFinished(() => add.mockRestore());
  await expect(executor.run(() => 1)).rejects.toBe(refusal);
  expect(await executor.run(() => 2)).toBe(2);
  expect(executor.stats()).toMatchObject({ queued: 0, running: 0, failed: 1, completed: 1 });
  await executor.close();
});
