import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { TimeoutError } from "../../errors.ts";
import type { Inspection } from "../../inspection.ts";
import { type LotOwner, type ParkOptions, ParkingLot } from "./parking-lot.ts";
import { virtualClock } from "../clock/virtual-clock.ts";
import { waitWatch } from "./wait-watch.ts";

const reason = { why: "enough" };
const clock = virtualClock();

const owner: LotOwner = {
  name: "lot",
  clock,
  inspect: (): Inspection => ({ kind: "lot", name: "lot", state: {}, holders: [], waiters: [] }),
};

const makeLot = (onGivenUp?: (reason: unknown) => void): ParkingLot<string, number> =>
  new ParkingLot(owner, "space", onGivenUp);

it("grants to the first, each once", async () => {
  const lot = makeLot();
  const all = [lot.park(1), lot.park(2), lot.park(3, { priority: 1 })];
  const { first } = lot;
  expect([first?.want, lot.size, Array.from(lot, ({ want }) => want)]).toEqual([3, 3, [3, 1, 2]]);
  expect([first?.grant("high"), first?.grant("again"), first?.refuse(reason)]).toEqual([
    true,
    false,
    false,
  ]);
  lot.grantAll("rest");
  expect(await Promise.all(all)).toEqual(["rest", "rest", "high"]);
  expect([lot.size, lot.first]).toEqual([0, undefined]);
});

it("refuses all with one reason", async () => {
  const lot = makeLot();
  const all = [lot.park(1), lot.park(2)];
  lot.refuseAll(reason);
  for (const refused of all) await expect(refused).rejects.toBe(reason);
});

describe("one who gives up", () => {
  const ways: Record<string, (controller: AbortController) => Promise<void> | void> = {
    "by an abort": (controller) => controller.abort(reason),
    "by a timeout": () => clock.advance(10),
  };

  it.each(Object.keys(ways))("%s has left the lot before anybody is told", async (way) => {
    const seen: unknown[] = [];
    const lot = makeLot((why) => seen.push(lot.size, why));
    const controller = new AbortController();
    const options: ParkOptions = { signal: controller.signal, timeout: 10 };
    const ending = lot.park(1, options).catch((error: unknown) => error);
    const { first } = lot;
    await ways[way]?.(controller);
    const error = await ending;
    expect(way === "by an abort" ? error === reason : error instanceof TimeoutError).toBe(true);
    expect(seen).toEqual([0, error]);
    expect([first?.grant("late"), clock.pending]).toEqual([false, 0]);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("before it parks never joins", async () => {
    const lot = makeLot();
    await expect(lot.park(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(lot.size).toBe(0);
  });
});

it("leaves neither listener nor timer behind once it was granted or refused", async () => {
  const lot = makeLot();
  const { signal } = new AbortController();
  const all = Array.from({ length: 10 }, (_, want) => lot.park(want, { signal, timeout: 10 }));
  expect([getEventListeners(signal, "abort").length, clock.pending]).toEqual([1, 10]);
  lot.first?.refuse(reason);
  lot.grantAll("go");
  expect([getEventListeners(signal, "abort").length, clock.pending]).toEqual([0, 0]);
  expect((await Promise.allSettled(all)).map(({ status }) => status)[0]).toBe("rejected");
});

it("takes a timeout without end for none", () => {
  const lot = makeLot();
  void lot.park(1, { timeout: Infinity });
  expect(clock.pending).toBe(0);
});

it("tells in the stack of a lateness who waited", async () => {
  const lot = makeLot();
  const businessCaller = async (): Promise<string> => await lot.park(1, { timeout: 10 });
  const late = businessCaller().catch((error: unknown) => error);
  await clock.advance(10);
  expect(await late).toHaveProperty("stack", expect.stringContaining("businessCaller"));
});

it("leaves the stack of anybody else's lateness alone", async () => {
  const lot = makeLot();
  const other = new TimeoutError("of something else");
  const { stack } = other;
  const refused = lot.park(1, { timeout: 10 }).catch((error: unknown) => error);
  lot.first?.refuse(other);
  expect([await refused, other.stack]).toEqual([other, stack]);
});

it("tells who watches who waits, until the last has gone", () => {
  const lots = new Set<{ readonly owner: LotOwner }>();
  const track = { task: "task", place: "here", since: 0 };
  waitWatch.current = { lots, track: () => track, runAs: (_task, call) => call() };
  try {
    const lot = makeLot();
    void lot.park(2);
    void lot.park(3);
    expect(lots.has(lot)).toBe(true);
    const known = { what: "space", task: "task", place: "here" };
    expect(lot.parties((want) => want)).toMatchObject([
      { weight: 2, ...known },
      { weight: 3, ...known },
    ]);
    lot.first?.grant("");
    expect(lots.has(lot)).toBe(true);
    lot.first?.grant("");
    expect(lots.has(lot)).toBe(false);
  } finally {
    waitWatch.current = undefined;
  }
});
