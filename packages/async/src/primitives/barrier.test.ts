import { getEventListeners } from "node:events";
import { BrokenBarrierError, isQuintetError } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { stateOf } from "../../test/turns.ts";
import { barrier } from "./barrier.ts";

const reason = { why: "enough" };

it("lets all go on when the last one comes, each with its own place, round after round", async () => {
  const meeting = barrier(3);
  for (let round = 0; round < 3; round++) {
    const first = [meeting.wait(), meeting.wait()];
    expect([await stateOf(first[0]!), meeting.waiting]).toEqual(["pending", 2]);
    expect(await Promise.all([...first, meeting.wait()])).toEqual([0, 1, 2]);
    expect(meeting.waiting).toBe(0);
  }
});

it("for one holds nobody up", async () => {
  expect(await barrier(1).wait()).toBe(0);
});

describe("is broken", () => {
  it("by one who is aborted: the others are told, and whoever comes", async () => {
    const meeting = barrier(3, { name: "start" });
    const controller = new AbortController();
    const { signal } = controller;
    const other = meeting.wait();
    const aborted = meeting.wait({ signal });
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    for (const told of [other, meeting.wait()]) {
      const error = await told.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(BrokenBarrierError);
      expect(isQuintetError(error, "BROKEN_BARRIER") && error.cause).toBe(reason);
    }
    expect([meeting.broken, meeting.waiting, getEventListeners(signal, "abort")]).toEqual([
      true,
      0,
      [],
    ]);
  });

  it("by one who comes aborted, since it will not come again", async () => {
    const meeting = barrier(2);
    const other = meeting.wait();
    await Promise.all([
      expect(meeting.wait({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason),
      expect(other).rejects.toBeInstanceOf(BrokenBarrierError),
    ]);
  });

  it("by one who waits too long", async () => {
    const clock = virtualClock();
    const meeting = barrier(3, { clock });
    const endings = Promise.allSettled([meeting.wait(), meeting.wait({ timeout: 10 })]);
    await clock.advance(10);
    const codes = (await endings).map(
      (ending) => ending.status === "rejected" && ending.reason.code,
    );
    expect(codes).toEqual(["BROKEN_BARRIER", "TIMEOUT"]);
  });

  it("by abort(), until reset() makes it as new", async () => {
    const meeting = barrier(2, { name: "start" });
    const early = meeting.wait();
    meeting.abort(new Error("no more"));
    await expect(early).rejects.toThrow("start is broken: no more");
    meeting.reset();
    expect([meeting.broken, meeting.inspect().state["broken"]]).toEqual([false, false]);
    expect(await Promise.all([meeting.wait(), meeting.wait()])).toEqual([0, 1]);
    const again = meeting.wait();
    meeting.reset();
    await expect(again).rejects.toThrow("start is broken: The barrier was reset.");
    expect(meeting.broken).toBe(false);
  });
});

it.each([0, -1, 1.5, Number.NaN])("refuses %s parties", (parties) => {
  expect(() => barrier(parties)).toThrow(/parties must be a whole number from 1 up/);
});
