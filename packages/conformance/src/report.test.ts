import { expect, it } from "vitest";
import { type CaseReport, formatReport, type Report, totalsOf } from "./report.ts";

const passed: CaseReport = { id: "a.one", title: "One", status: "passed", duration: 1 };
const refused: CaseReport = {
  id: "a.two",
  title: "Two",
  status: "refused",
  trait: "parallel: false",
  duration: 0,
};
const failed: CaseReport = {
  id: "a.two",
  title: "Two",
  status: "failed",
  error: "Error: no",
  duration: 2,
};

function reportOf(executor: string, cases: CaseReport[]): Report {
  return { executor, traits: undefined, totals: totalsOf(cases), cases };
}

it("counts how the cases ended", () => {
  expect(totalsOf([passed, refused, failed])).toEqual({ passed: 1, failed: 1, refused: 1 });
});

it("makes a table with a column for each executor, and says what went wrong", () => {
  const text = formatReport(reportOf("here", [passed, refused]), reportOf("there", [failed]));
  expect(text).toBe(
    [
      "case   here                           there",
      "a.one  passed",
      "a.two  refused (parallel: false)      failed",
      "       1 passed, 0 failed, 1 refused  0 passed, 1 failed, 0 refused",
      "",
      "there: a.two",
      "  Two",
      "  Error: no",
    ].join("\n"),
  );
});
