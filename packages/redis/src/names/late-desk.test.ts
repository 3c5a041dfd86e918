import { givenUp, type NameRequest, nobody, type Reply } from "@quintet/core/kit";
import type { Redis } from "ioredis";
import { expect, it } from "vitest";
import { LateDesk } from "./late-desk.ts";

const inspect: NameRequest = { ask: "inspect", name: "a", kind: "channel" };

/** A desk whose Redis must not be asked anything, what its questions failed with, and how often its business changed. */
function opened(): { desk: LateDesk; failures: unknown[]; reply: Reply; isBusy: boolean[] } {
  const redis = new Proxy({} as Redis, { get: () => expect.unreachable() });
  const [failures, isBusy]: [unknown[], boolean[]] = [[], []];
  const desk: LateDesk = new LateDesk("base", redis, "redis://127.0.0.1:1", {
    ...{ patience: 1_000, maxValue: 100, onError: () => {} },
    onBusy: () => isBusy.push(desk.isBusy),
  });
  const reply: Reply = { ...nobody, failed: (error) => failures.push(error) };
  return { desk, failures, reply, isBusy };
}

it("asks nothing of what is left before it is loaded", async () => {
  const { desk, failures, reply, isBusy } = opened();
  desk.ask(inspect, reply).leave();
  expect(desk.isBusy).toBe(true);
  await expect.poll(() => failures).toEqual([givenUp]);
  await expect.poll(() => desk.isBusy).toBe(false);
  expect(isBusy).toEqual([true, false]);
});

it("that is closed before it is loaded refuses what was asked, and what comes", async () => {
  const { desk, failures, reply } = opened();
  desk.ask(inspect, reply);
  desk.close("closed");
  expect(failures).toEqual(["closed"]);
  await import("./redis-desk.ts");
  desk.ask(inspect, reply);
  expect(failures).toEqual(["closed", "closed"]);
  expect(desk.isBusy).toBe(false);
  await desk.gone;
});

it("that was never asked is closed without Redis", async () => {
  const { desk } = opened();
  desk.close("closed");
  await desk.gone;
  expect(desk.isBusy).toBe(false);
});
