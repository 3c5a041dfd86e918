import type { Result } from "./result.ts";

/** The median of a row, for a subject; `undefined` where there is none. */
export type Medians = (row: string, subject: string) => number | undefined;

/** What a figure has to be between. */
export interface Bounds {
  readonly least?: number;
  readonly most?: number;
}

/** Something we want to reach. */
export interface Target extends Bounds {
  /** The row it is shown under. */
  readonly row: string;
  /** What is wanted, as in `≥ 30× Piscina`. */
  readonly text: string;
  /** What was reached. */
  readonly value: (medians: Medians) => number | undefined;
  /** The value's unit. */
  readonly symbol: string;
}

/** How a target was met. */
export interface TargetResult {
  readonly group: string;
  readonly work: string;
  readonly target: string;
  readonly value: number;
  readonly symbol: string;
  readonly met: boolean;
}

/** Wants one subject's figure to be so many times another's. */
export function timesTarget(row: string, subject: string, other: string, bounds: Bounds): Target {
  return {
    row,
    text: `${subject} ${boundsText(bounds, "×")} ${other}`,
    value: (medians) => quotient(medians(row, subject), medians(row, other)),
    symbol: "×",
    ...bounds,
  };
}

/** Wants one subject's figure in a row to be so many times its figure in another row. */
export function flatTarget(row: string, base: string, subject: string, bounds: Bounds): Target {
  return {
    row,
    text: `${subject} ${boundsText(bounds, "×")} ${base}`,
    value: (medians) => quotient(medians(row, subject), medians(base, subject)),
    symbol: "×",
    ...bounds,
  };
}

/** Wants one subject's figure itself to be within bounds. */
export function plainTarget(row: string, subject: string, symbol: string, bounds: Bounds): Target {
  return {
    row,
    text: `${subject} ${boundsText(bounds, symbol)}`,
    value: (medians) => medians(row, subject),
    symbol,
    ...bounds,
  };
}

/** Compares results with targets; those that nothing was measured for are left out. */
export function checkTargets(
  group: string,
  targets: readonly Target[],
  results: readonly Result[],
): TargetResult[] {
  const medians: Medians = (row, subject) =>
    results.find((result) => result.work === row && result.subject === subject)?.median;
  return targets.flatMap(
    ({ row, text, value: read, symbol, least = -Infinity, most = Infinity }) => {
      const value = read(medians);
      if (value === undefined) return [];
      return {
        group,
        work: row,
        target: text,
        value,
        symbol,
        met: value >= least && value <= most,
      };
    },
  );
}

function boundsText({ least, most }: Bounds, symbol: string): string {
  const unit = symbol === "×" ? symbol : ` ${symbol}`;
  if (least !== undefined && most !== undefined) return `${least} to ${most}${unit}`;
  return least === undefined ? `≤ ${most}${unit}` : `≥ ${least}${unit}`;
}

function quotient(value: number | undefined, by: number | undefined): number | undefined {
  return value === undefined || by === undefined ? undefined : value / by;
}
