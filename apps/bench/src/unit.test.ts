import { describe, expect, it } from "vitest";
import { growth, isBehind, microseconds, ratio, tasksPerSecond } from "./unit.ts";

describe("a ratio", () => {
  it("is above 1 where we do more of what should be much", () => {
    expect(ratio(200, 100, tasksPerSecond)).toBe(2);
    expect(ratio(50, 100, tasksPerSecond)).toBe(0.5);
  });

  it("is above 1 where we take less of what should be little", () => {
    expect(ratio(50, 100, microseconds)).toBe(2);
    expect(ratio(200, 100, microseconds)).toBe(0.5);
  });

  it("of growths compares what is there in the end, and takes shrinking for no growth", () => {
    expect(ratio(0, 50, growth)).toBeCloseTo(1.5);
    expect(ratio(50, 0, growth)).toBeCloseTo(2 / 3);
    expect(ratio(0, -40, growth)).toBe(1);
  });
});

it("says that the other is better only where two decimals show it", () => {
  expect([0.5, 0.99, 0.999, 1, 2].map(isBehind)).toEqual([true, true, false, false, false]);
});
