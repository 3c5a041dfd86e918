import type { Machine } from "../machine.ts";
import type { Missing, Result } from "../result.ts";
import type { Subject } from "../subject.ts";
import type { TargetResult } from "../target.ts";

/** All that `--json` writes. */
export interface Report {
  readonly machine: Machine;
  /** The version of Node. */
  readonly node: string;
  /** When the run ended, as ISO 8601 has it. */
  readonly date: string;
  /** Sizes were smaller than the names of the works say. */
  readonly quick: boolean;
  /** By subject. */
  readonly versions: Readonly<Record<string, string>>;
  readonly targets: readonly TargetResult[];
  readonly results: readonly Result[];
  readonly missing: readonly Missing[];
}

/** What a report is made of. */
export interface ReportParts extends Pick<
  Report,
  "machine" | "quick" | "targets" | "results" | "missing"
> {
  readonly subjects: readonly Subject[];
}

/** Puts a report together; only those who took part have a version in it. */
export function reportOf({ subjects, results, ...parts }: ReportParts): Report {
  const present = new Set(results.map(({ subject }) => subject));
  const versions = subjects
    .filter(({ name }) => present.has(name))
    .map(({ name, version }) => [name, version]);
  return {
    machine: parts.machine,
    node: process.version,
    date: new Date().toISOString(),
    quick: parts.quick,
    versions: Object.fromEntries(versions) as Report["versions"],
    targets: parts.targets,
    results,
    missing: parts.missing,
  };
}
