import { virtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { stateOf } from "../../test/state-of.ts";
import { channel } from "../channels/channel.ts";
import { after } from "./after.ts";
import { select, trySelect } from "./select.ts";

it("is ready when its time has come, and stays so", async () => {
  const clock = virtualClock();
  const late = after(10, { clock });
  const selecting = select({ late });
  await clock.advance(9);
  expect(await stateOf(selecting)).toBe("pending");
  await clock.advance(1);
  expect((await selecting).arm).toBe("late");
  expect(trySelect({ late })?.arm).toBe("late");
});

it("counts from the call, so that it bounds a whole loop, and has a timer only while it waits", async () => {
  const clock = virtualClock();
  const c = channel<number>();
  const arms = { c: c.receiving(), late: after(10, { clock }) };
  expect(clock.pending).toBe(0);
  for (let n = 0; n < 9; n++) {
    const selecting = select(arms);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    c.trySend(n);
    expect(clock.pending).toBe(0);
    expect((await selecting).arm).toBe("c");
  }
  const last = select(arms);
  await clock.advance(1);
  expect((await last).arm).toBe("late");
});

it("waits longer than a platform's timer can, and for ever", async () => {
  const clock = virtualClock();
  const selecting = select({ late: after(2 ** 40, { clock }), never: after(Infinity, { clock }) });
  expect(clock.pending).toBe(1);
  await clock.advance(2 ** 40 - 1);
  expect(await stateOf(selecting)).toBe("pending");
  await clock.advance(1);
  expect((await selecting).arm).toBe("late");
});

it.each([-1, Number.NaN, "5", undefined])("refuses %o", (delay) => {
  expect(() => after(delay as number)).toThrow("the delay must be zero or more milliseconds");
});
