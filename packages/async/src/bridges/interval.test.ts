import { virtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { countListeners } from "../../test/listeners.ts";
import { thrown } from "../../test/thrown.ts";
import { interval } from "./interval.ts";

it("keeps to the beat, leaves out what a busy loop misses, and runs no timer meanwhile", async () => {
  const clock = virtualClock();
  const ticks = interval(10, { clock });
  const first = ticks.next();
  await clock.advance(10);
  expect(await first).toEqual({ done: false, value: 1 });
  expect(clock.pending).toBe(0);
  await clock.advance(35); // 45: the loop is busy
  expect(await ticks.next()).toEqual({ done: false, value: 4 });
  const next = ticks.next();
  await clock.advance(5);
  expect(await next).toEqual({ done: false, value: 5 });
});

it("answers each of several readers with a tick of its own", async () => {
  const clock = virtualClock();
  const ticks = interval(10, { clock });
  const readers = [ticks.next(), ticks.next(), ticks.next()];
  await clock.advance(30);
  expect((await Promise.all(readers)).map(({ value }) => value)).toEqual([1, 2, 3]);
  expect(clock.pending).toBe(0);
});

it("ends when it is left, also while a tick is waited for", async () => {
  const clock = virtualClock();
  const { signal } = new AbortController();
  const listeners = countListeners(signal);
  const ticks = interval(10, { clock, signal });
  const pending = ticks.next();
  expect(listeners()).toBe(1);
  await ticks.return(undefined);
  expect(await pending).toEqual({ done: true, value: undefined });
  expect(clock.pending).toBe(0);
  expect(listeners()).toBe(0);
});

it("throws the reason when it is aborted, before and meanwhile", async () => {
  const clock = virtualClock();
  const controller = new AbortController();
  const ticks = interval(10, { clock, signal: controller.signal });
  const pending = thrown(ticks.next());
  controller.abort("enough");
  expect(await pending).toBe("enough");
  expect(await ticks.next()).toEqual({ done: true, value: undefined });
  expect(clock.pending).toBe(0);
  expect(await thrown(interval(10, { clock, signal: controller.signal }).next())).toBe("enough");
  expect(clock.pending).toBe(0);
});

it("refuses what is no period", () => {
  for (const wrong of [0, -1, Infinity, Number.NaN]) {
    expect(() => interval(wrong)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  }
});
