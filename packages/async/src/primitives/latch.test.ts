import { InvalidOptionError } from "@quintet/core";
import { expect, it } from "vitest";
import { stateOf } from "../../test/turns.ts";
import { latch } from "./latch.ts";

const reason = { why: "enough" };

it("opens for good when it is counted down to 0", async () => {
  const warm = latch(3);
  const waiting = [warm.wait(), warm.wait()];
  warm.countDown();
  expect([await stateOf(waiting[0]!), warm.count]).toEqual(["pending", 2]);
  warm.countDown(2);
  await Promise.all([...waiting, warm.wait()]);
  expect(warm.inspect().state).toEqual({ count: 0, waiting: 0 });
});

it("of 0 is open from the start", async () => {
  expect(await stateOf(latch(0).wait())).toBe("resolved");
});

it("refuses to count below 0, and counts nothing then", async () => {
  const warm = latch(2, { name: "warm" });
  expect(() => warm.countDown(3)).toThrow("warm: 3 is more than is left to count, 2.");
  for (const by of [0, -1, 0.5]) expect(() => warm.countDown(by)).toThrow(InvalidOptionError);
  expect(warm.count).toBe(2);
  for (const count of [-1, 1.5, Number.NaN]) expect(() => latch(count)).toThrow(InvalidOptionError);
});

it("lets one who is aborted go, and still opens for the others", async () => {
  const warm = latch(1);
  const controller = new AbortController();
  const aborted = warm.wait({ signal: controller.signal });
  const other = warm.wait();
  controller.abort(reason);
  await expect(aborted).rejects.toBe(reason);
  warm.countDown();
  await other;
});
