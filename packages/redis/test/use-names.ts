import { expect } from "vitest";
import type { RedisQueue } from "../src/index.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

/** Whatever a client and its tasks do by name. */
export async function useNames(client: RedisQueue): Promise<void> {
  // Somebody else has one of the two; what is told comes through a channel.
  const permit = await client.semaphore("guard", 2).acquire();
  expect(await client.run(tasks.guarded, { name: "guarded" })).toBe("guarded");
  const waiting = client.semaphore("guard").acquire({ weight: 2 });
  permit.release();
  (await waiting).release();
  const telling = client.run(tasks.tells, { name: "told" });
  expect(await client.channel("told", { capacity: 20 }).receive()).toMatchObject({ value: "told" });
  await telling;
}
