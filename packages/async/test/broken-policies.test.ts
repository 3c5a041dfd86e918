import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brokenDedupe, brokenLimit, brokenTimeout, overlappingLane } from "./broken-policies.ts";
import { joiningHolds, laneHolds, slotsHold, timeHolds } from "./policy-properties.ts";

// A test that cannot fail proves nothing: what the policies are held to has to see these mistakes.

const fails = async (property: fc.IAsyncProperty<unknown>): Promise<boolean> => {
  const { failed } = await fc.check(property, { numRuns: 60, endOnFailure: true });
  return failed;
};

describe("a limit", () => {
  it("without a mistake is fine, so it is the mistakes that are seen", async () => {
    expect(await fails(slotsHold(brokenLimit({}), 1))).toBe(false);
  }, 30_000);

  it.each([{ losesSlots: true }, { barges: true }, { callsAborted: true }])(
    "with %j is seen",
    async (mistakes) => {
      expect(await fails(slotsHold(brokenLimit(mistakes), 1))).toBe(true);
    },
    30_000,
  );
});

describe("a timeout", () => {
  it("without a mistake is fine", async () => {
    expect(await fails(timeHolds(brokenTimeout({})))).toBe(false);
  }, 30_000);

  it.each([
    { leaksListener: true },
    { leaksTimer: true },
    { tellsNobody: true },
    { hidesAbort: true },
  ])(
    "with %j is seen",
    async (mistakes) => {
      expect(await fails(timeHolds(brokenTimeout(mistakes)))).toBe(true);
    },
    30_000,
  );
});

describe("a dedupe", () => {
  it("without a mistake is fine", async () => {
    expect(await fails(joiningHolds(brokenDedupe({})))).toBe(false);
  }, 30_000);

  it.each([{ firstAbortsAll: true }, { keepsKey: true }])(
    "with %j is seen",
    async (mistakes) => {
      expect(await fails(joiningHolds(brokenDedupe(mistakes)))).toBe(true);
    },
    30_000,
  );
});

it("a lane whose calls overlap is seen", async () => {
  expect(await fails(laneHolds(overlappingLane))).toBe(true);
}, 30_000);
