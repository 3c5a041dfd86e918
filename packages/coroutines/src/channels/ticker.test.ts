import { virtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { stateOf } from "../../test/state-of.ts";
import { ticker } from "./ticker.ts";

const value = (of: unknown): object => ({ done: false, value: of });
const done = { done: true, value: undefined };

it("gives each tick at its time, without drift, and one number to one receiver", async () => {
  const clock = virtualClock();
  const ticks = ticker(10, { clock });
  const waiting = [ticks.receive(), ticks.receive()];
  await clock.advance(9);
  expect(await stateOf(waiting[0]!)).toBe("pending");
  await clock.advance(3);
  expect(await waiting[0]).toEqual(value(1));
  expect(await stateOf(waiting[1]!)).toBe("pending");
  await clock.advance(8);
  expect(await waiting[1]).toEqual(value(2));
});

it("gives who was busy the latest tick only, and the next one at its time again", async () => {
  const clock = virtualClock();
  const ticks = ticker(10, { clock });
  await clock.advance(35);
  expect(await ticks.receive()).toEqual(value(3));
  expect(ticks.tryReceive()).toBeUndefined();
  const next = ticks.receive();
  await clock.advance(5);
  expect(await next).toEqual(value(4));
});

it("has a timer only while somebody waits", async () => {
  const clock = virtualClock();
  const ticks = ticker(0.1, { clock });
  expect(clock.pending).toBe(0);
  const controller = new AbortController();
  const aborted = ticks.receive({ signal: controller.signal });
  expect(clock.pending).toBe(1);
  controller.abort("enough");
  await expect(aborted).rejects.toBe("enough");
  expect(clock.pending).toBe(0);
  for (let tick = 1; tick < 100; tick++) {
    const waiting = ticks.receive();
    await clock.advance(0.1);
    if ((await stateOf(waiting)) === "pending") await clock.advance(1e-9);
    expect(await waiting).toEqual(value(tick));
  }
});

it("ends when it is cancelled, also for those that wait", async () => {
  const clock = virtualClock();
  const ticks = ticker(10, { clock });
  const waiting = [ticks.receive(), ticks.receive()];
  ticks.cancel();
  expect([...(await Promise.all(waiting)), await ticks.receive()]).toEqual([done, done, done]);
  expect(clock.pending).toBe(0);
  const failed = ticker(10, { clock });
  const failing = failed.receive();
  failed.cancel("enough");
  await expect(failing).rejects.toBe("enough");
  await expect(failed.receive()).rejects.toBe("enough");
});

it.each([0, -1, Number.NaN, "5"])("refuses an interval of %o", (interval) => {
  expect(() => ticker(interval as number)).toThrow("the interval must be a positive number");
});
