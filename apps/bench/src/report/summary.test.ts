import { describe, expect, it } from "vitest";
import type { Result } from "../result.ts";
import type { Subject } from "../subject.ts";
import { summaryOf } from "./summary.ts";

const kinds: Record<string, Subject["kind"]> = {
  us: "ours",
  peer: "peer",
  other: "peer",
  least: "floor",
};
const subjects = Object.entries(kinds).map(([name, kind]) => ({ name, kind, version: "1" }));

const ours = (work: string, ratios: Record<string, number>): Result => ({
  group: "g",
  work,
  subject: "us",
  median: 1,
  unit: "ms",
  better: "less",
  spread: 0,
  min: 1,
  max: 1,
  rounds: 5,
  cpuPerTask: null,
  ratios,
});

describe("the summary", () => {
  it("names every row in which somebody is ahead, peers before floors", () => {
    const results = [
      ours("a", { peer: 0.5, other: 0.25, least: 2 }),
      ours("b", { peer: 3, other: 1, least: 0.1 }),
    ];
    expect(summaryOf(subjects, results, []).split("\n")).toEqual([
      "Where a peer is ahead:",
      "  a: us is 0.50× as good as peer · 0.25× as good as other",
      "Where a floor is ahead:",
      "  b: us is 0.10× as good as least",
    ]);
  });

  it("counts the targets, and names those that were missed", () => {
    const target = { group: "g", work: "a", target: "us ≥ 2× peer", symbol: "×" };
    const targets = [
      { ...target, value: 2.5, met: true },
      { ...target, value: 1.5, met: false },
    ];
    const summary = summaryOf(subjects, [ours("a", { peer: 2 })], targets);
    expect(summary).toContain("Targets met: 1 of 2\n  a: target us ≥ 2× peer: 1.50× ✗");
  });

  it("says so where nobody is compared", () => {
    expect(summaryOf(subjects, [ours("a", {})], [])).toMatch(/^Nobody is compared/);
  });
});
