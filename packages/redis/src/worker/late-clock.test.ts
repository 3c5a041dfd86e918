import { type VirtualClock, virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { LateClock } from "./late-clock.ts";

const after = (clock: VirtualClock, time: number): Promise<void> =>
  new Promise((resolve) => clock.after(time, resolve));

describe("a late clock", () => {
  it("says of each whether it takes long, however many were waited for before", async () => {
    const clock = virtualClock();
    const late = new LateClock(clock, 40);
    const found: boolean[] = [];
    const waits = (async () => {
      for (const time of [10, 35, 39, 41, 5]) found.push(await late.isLate(after(clock, time)));
    })();
    await clock.advance(200);
    await waits;
    expect(found).toEqual([false, false, false, true, false]);
  });

  it("can wait for the same again", async () => {
    const clock = virtualClock();
    const late = new LateClock(clock, 40);
    const end = after(clock, 100);
    const found: boolean[] = [];
    const waits = (async () => {
      while (await late.isLate(end)) found.push(true);
    })();
    await clock.advance(200);
    await waits;
    expect(found).toEqual([true, true]);
  });

  it("leaves no timer once it is stopped", () => {
    const clock = virtualClock();
    const late = new LateClock(clock, 40);
    void late.isLate(Promise.resolve());
    expect(clock.pending).toBe(1);
    late.stop();
    expect(clock.pending).toBe(0);
  });
});
