import type { Traits } from "@quintet/core";

/** How a case ended. */
export interface CaseReport {
  readonly id: string;
  readonly title: string;
  /** `refused`: the executor's traits say that it does not do this. */
  readonly status: "passed" | "failed" | "refused";
  /** The trait that refuses, for example `isolation: none`. */
  readonly trait?: string;
  /** What went wrong. */
  readonly error?: string;
  /** Milliseconds. */
  readonly duration: number;
}

/** How many cases ended in which way. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly refused: number;
}

/** How one executor did. */
export interface Report {
  /** The harness's name. */
  readonly executor: string;
  /** Unknown when no executor could be made. */
  readonly traits: Traits | undefined;
  readonly totals: Totals;
  readonly cases: readonly CaseReport[];
}

/** Counts how cases ended. */
export function totalsOf(cases: readonly CaseReport[]): Totals {
  const count = (status: CaseReport["status"]): number =>
    cases.filter((report) => report.status === status).length;
  return { passed: count("passed"), failed: count("failed"), refused: count("refused") };
}

/**
 * Writes reports out as a table: a line for each case, a column for each executor, the totals, and what
 * went wrong.
 */
export function formatReport(...reports: readonly Report[]): string {
  const ids = [...new Set(reports.flatMap(({ cases }) => cases.map(({ id }) => id)))];
  const cell = (report: Report, id: string): string => {
    const found = report.cases.find((one) => one.id === id);
    if (!found) return "";
    return found.status === "refused" ? `refused (${found.trait})` : found.status;
  };
  const total = (report: Report): string => {
    const { passed, failed, refused } = report.totals;
    return `${passed} passed, ${failed} failed, ${refused} refused`;
  };
  const table = aligned([
    ["case", ...reports.map(({ executor }) => executor)],
    ...ids.map((id) => [id, ...reports.map((report) => cell(report, id))]),
    ["", ...reports.map(total)],
  ]);
  const failures = reports.flatMap(({ executor, cases }) =>
    cases
      .filter(({ status }) => status === "failed")
      .map(({ id, title, error }) => `${executor}: ${id}\n  ${title}\n  ${error}`),
  );
  return [table, ...failures].join("\n\n");
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}
