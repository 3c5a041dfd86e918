import { expect, it } from "vitest";
import { taskGroup } from "./task-group.ts";

const reason = { why: "enough" };

it("calls back with the reason when it aborts, once, after the listeners of its signal", async () => {
  const log: unknown[] = [];
  await taskGroup(async (group) => {
    group.signal.addEventListener("abort", () => log.push("signal"));
    group.onAbort((given) => log.push("group", given));
    group.spawn((context) => context.onAbort((given) => log.push("task", given)));
    const waiting = group.spawn(
      (context) => new Promise<void>((resolve) => context.onAbort(() => resolve())),
    );
    group.cancel(reason);
    group.cancel("later");
    await waiting.result.catch(() => {});
  });
  expect(log).toEqual(["signal", "group", reason, "task", reason]);
});

it("calls back at once where it has aborted", async () => {
  const heard: unknown[] = [];
  await taskGroup(async (group) => {
    group.cancel(reason);
    group.onAbort((given) => heard.push(given));
    expect(heard).toEqual([reason]);
  });
});

it("calls the others back although one of them throws, which is uncaught", async () => {
  const heard: unknown[] = [];
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => heard.push(error));
  await taskGroup(async (group) => {
    group.onAbort(() => {
      throw reason;
    });
    group.onAbort(() => heard.push("the other"));
    group.cancel();
  });
  await new Promise((resolve) => setImmediate(resolve));
  process.removeAllListeners("uncaughtException");
  for (const listener of listeners) process.on("uncaughtException", listener);
  expect(heard).toEqual(["the other", reason]);
});
