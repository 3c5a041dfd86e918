import { expect, it } from "vitest";
import { allOf } from "../../test/all-of.ts";
import { stateOf } from "../../test/state-of.ts";
import { watch } from "./watch.ts";

const value = (of: unknown): object => ({ done: false, value: of });

it("gives the value as it is, then the latest after each change, once", async () => {
  const level = watch(0);
  const levels = level.subscribe();
  expect(await levels.receive()).toEqual(value(0));
  const waiting = levels.receive();
  expect(await stateOf(waiting)).toBe("pending");
  level.value = 1;
  level.value = 2;
  expect(await waiting).toEqual(value(1));
  level.value = 3;
  expect([await levels.receive(), levels.tryReceive(), level.value]).toEqual([
    value(3),
    undefined,
    3,
  ]);
});

it("shows everyone the last value before the end", async () => {
  const level = watch<number | undefined>(0);
  const [seen, unseen] = [level.subscribe(), level.subscribe()];
  await seen.receive();
  level.value = undefined;
  await seen.receive();
  level.close();
  expect(await allOf(seen)).toEqual([]);
  expect(await allOf(unseen)).toEqual([undefined]);
  expect(await allOf(level.subscribe())).toEqual([undefined]);
  expect(() => (level.value = 1)).toThrow(expect.objectContaining({ code: "CHANNEL_CLOSED" }));
  expect([level.value, level.closed]).toEqual([undefined, true]);
});

it("forgets receivers that have left", async () => {
  const level = watch(0);
  for await (const _ of level.subscribe()) break;
  expect(level.receivers).toBe(0);
});
