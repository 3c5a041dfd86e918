import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import { collisions, differences } from "./differences.ts";
import type { Failure, Found } from "./find-files.ts";
import { count, counted } from "./format.ts";
import { reasonOf } from "./reason.ts";
import type { PlaceRun } from "./run-place.ts";
import { turnCount } from "./take-turns.ts";
import { placesTable, topWords, totals } from "./tables.ts";
import { writeTimeline } from "./timeline/write-timeline.ts";
import type { Voice } from "./voice.ts";

/** How many failures are named. */
const named = 5;

/** Prints what came of the job in all places, and writes the timeline. */
export async function report(
  found: Found,
  runs: readonly PlaceRun[],
  voice: Voice,
  out: string | undefined,
): Promise<void> {
  const { print, complain } = voice;
  const [first] = runs;
  if (first) {
    print(`\n${placesTable(runs)}\n`);
    for (const line of titled("Totals", totals(first.summary))) print(line);
    for (const line of titled("Top words", topWords(first.summary))) print(line);
    print("");
  }
  const problems = [...differences(runs, found.files), ...collisions(runs)];
  problems.forEach(complain);
  if (runs.length > 1 && problems.length === 0) {
    print("Every place found the same.");
    print(`In each, ${turnCount} tasks took turns by a name, and told of it over a channel.`);
  }
  const failures = allFailures(found, runs);
  if (failures.length > 0) reportFailures(failures, found.folder, voice);
  if (!first) return;
  try {
    const path = await writeTimeline(found, runs, out);
    print(`What ran where, and when: ${pathToFileURL(path).href}`);
  } catch (error) {
    complain(`The timeline could not be written: ${reasonOf(error)}.`);
  }
}

/** Lines beside their title. */
const titled = (title: string, lines: readonly string[]): string[] =>
  lines.map((line, index) => (index === 0 ? title : "").padEnd(11) + line);

/** What could not be read in any place, each path once. */
function allFailures(found: Found, runs: readonly PlaceRun[]): Failure[] {
  const all = [...found.failures, ...runs.flatMap(({ summary }) => summary.failures)];
  return [...new Map(all.map((failure) => [failure.path, failure])).values()];
}

/** Says what could not be read. */
export function reportFailures(
  failures: readonly Failure[],
  folder: string,
  { complain }: Voice,
): void {
  const lines = failures
    .slice(0, named)
    .map(({ path, reason }) => `  ${relative(folder, path) || path}: ${reason}`);
  if (failures.length > named) lines.push(`  and ${count(failures.length - named)} more`);
  complain([`${counted(failures.length, "path")} could not be read:`, ...lines].join("\n"));
}
