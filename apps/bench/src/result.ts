import type { Group } from "./group.ts";
import { readingsOf, reasonOf, type SubjectRun } from "./run-work.ts";
import { median, spread } from "./statistics.ts";
import type { Subject } from "./subject.ts";
import { ratio, type Unit } from "./unit.ts";
import type { Row, Work } from "./work.ts";

/** How one subject did in one row of a work. */
export interface Result {
  readonly group: string;
  /** The row's name. */
  readonly work: string;
  readonly subject: string;
  readonly median: number;
  /** The unit's symbol. */
  readonly unit: string;
  /** Which way is better. */
  readonly better: Unit["better"];
  /** The median absolute deviation, in percent. */
  readonly spread: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
  /** Microseconds of processor time; null where it says nothing. */
  readonly cpuPerTask: number | null;
  /** For our own subjects: how they stand to each of the others; above 1 is better than them. */
  readonly ratios: Readonly<Record<string, number>>;
  /** What was different for this subject. */
  readonly note?: string;
}

/** A subject without a figure in a row. */
export interface Missing {
  readonly group: string;
  readonly work: string;
  readonly subject: string;
  readonly reason: string;
}

/** One row with everybody in it. */
export interface RowResult {
  readonly row: Row;
  readonly results: readonly Result[];
  readonly missing: readonly Missing[];
}

/** Makes results of what was read, row by row. */
export function resultsOf(group: Group, work: Work, runs: readonly SubjectRun[]): RowResult[] {
  return work.rows.map((row) => {
    const plain = runs.flatMap((run) => resultOf(group.name, row, run) ?? []);
    const results = plain.map((result) => ({
      ...result,
      ratios: ratiosOf(result, plain, row.unit, group.subjects),
    }));
    const measured = new Set(results.map(({ subject }) => subject));
    const missing = runs
      .filter(({ subject }) => !measured.has(subject))
      .map((run) => {
        const reason = reasonOf(run, row.name);
        return { group: group.name, work: row.name, subject: run.subject, reason };
      });
    return { row, results, missing };
  });
}

function resultOf(group: string, { name, unit }: Row, run: SubjectRun): Result | undefined {
  const readings = readingsOf(run, name);
  if (readings.length === 0) return undefined;
  const values = readings.map(({ value }) => value);
  const cpu = readings.flatMap(({ cpuPerTask }) => cpuPerTask ?? []);
  const notes = [...readings.map(({ note }) => note), run.missing];
  const note = [...new Set(notes.filter((text) => text !== undefined))].join("; ");
  return {
    group,
    work: name,
    subject: run.subject,
    median: median(values),
    unit: unit.symbol,
    better: unit.better,
    spread: spread(values.map(unit.quantity ?? Number)),
    min: Math.min(...values),
    max: Math.max(...values),
    rounds: values.length,
    cpuPerTask: cpu.length > 0 ? median(cpu) : null,
    ratios: {},
    ...(note === "" ? {} : { note }),
  };
}

function ratiosOf(
  { subject, median: ours }: Result,
  all: readonly Result[],
  unit: Unit,
  subjects: readonly Subject[],
): Record<string, number> {
  const kinds = new Map(subjects.map(({ name, kind }) => [name, kind]));
  if (kinds.get(subject) !== "ours") return {};
  const others = all.filter((other) => kinds.get(other.subject) !== "ours");
  return Object.fromEntries(
    others.map((other) => [other.subject, ratio(ours, other.median, unit)]),
  );
}
