import { describe, expect, it } from "vitest";
import type { Result } from "./result.ts";
import { checkTargets, flatTarget, plainTarget, type Target, timesTarget } from "./target.ts";

const result = (work: string, subject: string, median: number): Result => ({
  group: "g",
  work,
  subject,
  median,
  unit: "tasks/s",
  better: "more",
  spread: 0,
  min: median,
  max: median,
  rounds: 5,
  cpuPerTask: null,
  ratios: {},
});

const results = [
  result("fast", "us", 300),
  result("fast", "peer", 10),
  result("flat, 1", "us", 10),
  result("flat, 9", "us", 13),
  result("memory", "us", -6),
];

const check = (target: Target): unknown[] =>
  checkTargets("g", [target], results).map(({ target: text, value, met }) => [text, value, met]);

describe("a target", () => {
  it("of being so many times another is met from there on", () => {
    expect(check(timesTarget("fast", "us", "peer", { least: 30 }))).toEqual([
      ["us ≥ 30× peer", 30, true],
    ]);
    expect(check(timesTarget("fast", "us", "peer", { least: 30.1 }))).toEqual([
      ["us ≥ 30.1× peer", 30, false],
    ]);
  });

  it("of being at most so many times another is met up to there", () => {
    expect(check(timesTarget("fast", "peer", "us", { most: 0.5 }))[0]).toContain(true);
    expect(check(timesTarget("fast", "us", "peer", { most: 0.5 }))[0]).toContain(false);
  });

  it("of staying flat compares two rows of one subject", () => {
    const bounds = { least: 0.75, most: 1.25 };
    expect(check(flatTarget("flat, 9", "flat, 1", "us", bounds))).toEqual([
      ["us 0.75 to 1.25× flat, 1", 1.3, false],
    ]);
  });

  it("of a figure itself has both bounds", () => {
    const text = "us -5 to 5 %";
    expect(check(plainTarget("memory", "us", "%", { least: -5, most: 5 }))).toEqual([
      [text, -6, false],
    ]);
  });

  it("is left out where nothing was measured for it", () => {
    expect(check(timesTarget("fast", "us", "nobody", { least: 1 }))).toEqual([]);
    expect(check(plainTarget("nothing", "us", "%", { least: 1 }))).toEqual([]);
  });
});
