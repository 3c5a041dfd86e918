import { describe, expect, it } from "vitest";
import { median, percentile, spread } from "./statistics.ts";

describe("the median", () => {
  it("is the middle value, whatever the order", () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it("is between the two in the middle of an even number", () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it("of nothing is no number", () => {
    expect(median([])).toBeNaN();
  });

  it("leaves its values as they were", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("a percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it("is the smallest value that so many percent do not exceed", () => {
    expect(percentile(hundred, 50)).toBe(50);
    expect(percentile(hundred, 99)).toBe(99);
    expect(percentile(hundred, 100)).toBe(100);
  });

  it("of few values is one of them", () => {
    expect(percentile([7], 1)).toBe(7);
    expect(percentile([1, 2, 3], 99)).toBe(3);
  });
});

describe("the spread", () => {
  it("is the median deviation in percent", () => {
    expect(spread([90, 100, 110])).toBeCloseTo(10);
  });

  it("is not moved by one outlier", () => {
    expect(spread([99, 100, 100, 101, 1_000_000])).toBeCloseTo(1);
  });

  it("of equal values is 0, also where they are 0", () => {
    expect(spread([5, 5, 5])).toBe(0);
    expect(spread([0, 0])).toBe(0);
  });
});
