import { virtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { countListeners } from "../../test/listeners.ts";
import { thrown } from "../../test/thrown.ts";
import { sleep } from "./sleep.ts";

it("resolves after its time, also one past 2^31, and lets go of the signal", async () => {
  const clock = virtualClock();
  const { signal } = new AbortController();
  const listeners = countListeners(signal);
  let isOver = false;
  const nap = sleep(2 ** 40, { clock, signal }).then(() => (isOver = true));
  await clock.advance(2 ** 40 - 1);
  expect(isOver).toBe(false);
  expect(listeners()).toBe(1);
  await clock.advance(1);
  await nap;
  expect(listeners()).toBe(0);
});

it("rejects with the reason at once when it is aborted, and leaves no timer", async () => {
  const clock = virtualClock();
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const nap = thrown(sleep(Infinity, { clock, signal: controller.signal }));
  const other = thrown(sleep(10, { clock, signal: controller.signal }));
  controller.abort(null);
  expect(await nap).toBe(null);
  expect(await other).toBe(null);
  expect(clock.pending).toBe(0);
  expect(listeners()).toBe(0);
  expect(await thrown(sleep(1, { signal: controller.signal }))).toBe(null);
});

it("refuses what is no time", async () => {
  for (const wrong of [Number.NaN, "1", undefined]) {
    expect(await thrown(sleep(wrong as never))).toMatchObject({ code: "INVALID_OPTION" });
  }
});
