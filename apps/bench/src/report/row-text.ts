import Table from "cli-table3";
import { figure, measured, times } from "../format.ts";
import type { Group } from "../group.ts";
import type { Result, RowResult } from "../result.ts";
import type { TargetResult } from "../target.ts";
import { isBehind } from "../unit.ts";
import type { Work } from "../work.ts";

const ahead = "◀ ahead";

/** One row of a work: what it is, everybody side by side, and the targets. */
export function rowText(
  group: Group,
  work: Work,
  { row, results, missing }: RowResult,
  targets: readonly TargetResult[],
  rounds: number,
): string {
  const kinds = new Map(group.subjects.map(({ name, kind }) => [name, kind]));
  const ours = results.filter(({ subject }) => kinds.get(subject) === "ours");
  const table = new Table({
    head: ["Subject", row.unit.symbol, "Spread", "CPU per task", ...ours.map(ratioHead), ""],
    colAligns: ["left", "right", "right", "right", ...ours.map(() => "right" as const), "left"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const result of results) {
    table.push([
      result.subject,
      figure(result.median),
      `±${figure(result.spread)} %`,
      result.cpuPerTask === null ? "–" : measured(result.cpuPerTask, "µs"),
      ...ours.map(({ ratios }) => ratioText(ratios[result.subject])),
      remark(result, ours, rounds),
    ]);
  }
  const title = `${row.name} · ${work.title} · ${row.unit.symbol}, ${row.unit.better} is better`;
  const absent = missing.map(({ subject, reason }) => `${subject}: ${reason}`);
  return [title, table.toString(), ...absent, ...targets.map(targetText)].join("\n");
}

/** `target quintet ≥ 30× Piscina: 34.1× ✓` */
export const targetText = ({ target, value, symbol, met }: TargetResult): string =>
  `target ${target}: ${measured(value, symbol)} ${met ? "✓" : "✗"}`;

const ratioHead = ({ subject }: Result): string => `${subject} is`;

const ratioText = (ratio: number | undefined): string => (ratio === undefined ? "" : times(ratio));

/** Who is ahead of us, and what was different. */
function remark({ subject, rounds, note }: Result, ours: readonly Result[], all: number): string {
  const behind = ours.filter(({ ratios }) => isBehind(ratios[subject] ?? 1));
  const parts = [
    ...(behind.length > 0 ? [`${ahead} of ${behind.map((one) => one.subject).join(" and ")}`] : []),
    ...(rounds < all ? [`${rounds} ${rounds === 1 ? "round" : "rounds"}`] : []),
    ...(note === undefined ? [] : [note]),
  ];
  return parts.join("; ");
}
