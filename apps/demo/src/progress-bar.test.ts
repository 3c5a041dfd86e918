import { describe, expect, it } from "vitest";
import { barLine, type Moment } from "./progress-bar.ts";

const moment: Moment = {
  title: "threads",
  done: 500,
  total: 2_000,
  baseline: [...Array(2_001).keys()].map((done) => 2 * done),
  time: 500,
  columns: 100,
};

describe("a bar", () => {
  it("shows how far it is, how fast, and the speed-up over the first place at the same file", () => {
    expect(barLine(moment)).toBe(
      `threads     ${"█".repeat(10)}${"░".repeat(30)}    500 of 2,000 files  1,000 files/s  2.00×`,
    );
  });

  it("shows no speed before the first file, and no speed-up in the first place", () => {
    expect(barLine({ ...moment, done: 0, time: 0 })).toMatch(/ 0 of 2,000 files$/);
    expect(barLine({ ...moment, baseline: undefined })).toMatch(/1,000 files\/s$/);
  });

  it("shows the time at the end", () => {
    expect(barLine({ ...moment, done: 2_000, time: 2_000 })).toContain("2,000 files  in 2.00 s");
  });

  it.each([100, 80, 60, 40, 20])("fits a terminal of %d columns", (columns) => {
    for (const done of [0, 1, 1_999, 2_000]) {
      expect(barLine({ ...moment, done, columns }).length).toBeLessThan(columns);
    }
  });
});
