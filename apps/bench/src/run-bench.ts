import { accessSync, constants, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { among, chosen, type CommandLine, UsageError } from "./command-line.ts";
import type { Group } from "./group.ts";
import { type Machine, thisMachine } from "./machine.ts";
import { type Progress, showProgress } from "./report/progress.ts";
import { reportOf } from "./report/report.ts";
import { summaryOf } from "./report/summary.ts";
import { rowText } from "./report/row-text.ts";
import { type Missing, type Result, resultsOf } from "./result.ts";
import { runWork, type RunWorkOptions } from "./run-work.ts";
import { checkTargets, type TargetResult } from "./target.ts";
import type { Work } from "./work.ts";

/** What a benchmark needs from outside. */
export interface BenchOptions {
  readonly commandLine: CommandLine;
  readonly groups: readonly Group[];
  readonly output: NodeJS.WriteStream;
}

/** Rounds, and milliseconds. */
const limits = {
  full: { rounds: 5, budget: 6_000, patience: 600_000 },
  quick: { rounds: 3, budget: 8_000, patience: 120_000 },
};

/** Runs groups, prints what came of them, and writes it where that was asked for. Gives whether nobody failed. *Errors*: `UsageError`. */
export async function runBench({ commandLine, groups, output }: BenchOptions): Promise<boolean> {
  const all = asked(groups, commandLine);
  if (all.every(({ works }) => works.length === 0)) {
    throw new UsageError("None of these subjects takes part in one of these works.");
  }
  if (commandLine.json !== undefined) checkFolder(commandLine.json);
  const machine = thisMachine();
  output.write(`${heading(machine, commandLine)}\n`);
  const progress = showProgress(output);
  const results: Result[] = [];
  const missing: Missing[] = [];
  const targets: TargetResult[] = [];
  let failed = false;
  const subjects = groups.flatMap((group) => group.subjects);
  const { quick, json } = commandLine;
  // After each work: a run that is stopped leaves what it has measured.
  const write = (): void => {
    if (json === undefined) return;
    const report = reportOf({ machine, quick, subjects, results, missing, targets });
    writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  };
  for (const { group, works } of all) {
    for (const work of works) {
      const { rounds, budget, patience } = limits[commandLine.quick ? "quick" : "full"];
      const hasFailure = await runOne(group, work, { rounds, budget, patience }, progress);
      failed ||= hasFailure;
      write();
    }
    targets.push(...checkTargets(group.name, group.targets, results));
  }

  async function runOne(
    group: Group,
    work: Work,
    options: Omit<RunWorkOptions, "onStep">,
    { step, stop }: Progress,
  ): Promise<boolean> {
    const onStep = (text: string): void => step(work.name, text);
    const runs = await runWork(work, { ...options, onStep });
    stop();
    for (const row of resultsOf(group, work, runs)) {
      results.push(...row.results);
      missing.push(...row.missing);
      const found = checkTargets(group.name, group.targets, results);
      const own = found.filter((target) => target.work === row.row.name);
      output.write(`\n${rowText(group, work, row, own, options.rounds)}\n`);
    }
    return runs.some((run) => run.failed === true);
  }

  output.write(`\n${summaryOf(subjects, results, targets)}\n`);
  write();
  if (json !== undefined) output.write(`\nThe results are in ${json}.\n`);
  if (failed) output.write("\nSomebody failed; see above.\n");
  return !failed;
}

interface Asked {
  readonly group: Group;
  readonly works: readonly Work[];
}

/** The works of each group that were asked for, with the entries that were asked for. *Errors*: `UsageError`. */
function asked(groups: readonly Group[], { works, subjects, quick }: CommandLine): Asked[] {
  const all = groups.map((group) => ({ group, works: group.works({ quick }) }));
  // A name has to be known in one group; the others have nothing to do then.
  chosen(
    "work",
    all.flatMap((each) => each.works),
    works,
  );
  chosen(
    "subject",
    groups.flatMap((group) => group.subjects),
    subjects,
  );
  return all.map(({ group, works: own }) => {
    const names = new Set(among(group.subjects, subjects).map(({ name }) => name));
    const entries = ({ entries: every }: Work): Work["entries"] =>
      every.filter(({ subject }) => names.has(subject));
    const taken = among(own, works).map((work) => ({ ...work, entries: entries(work) }));
    return { group, works: taken.filter((work) => work.entries.length > 0) };
  });
}

/** It would be a pity to learn at the end that nothing can be written. */
function checkFolder(file: string): void {
  try {
    accessSync(dirname(resolve(file)), constants.W_OK);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`);
  }
}

function heading({ cpu, cores, memory, os }: Machine, { quick }: CommandLine): string {
  const lines = [`${cpu} · ${cores} cores · ${memory} GB · ${os} · Node ${process.version}`];
  if (quick) lines.push("Quick: sizes are smaller than the names say, and figures say little.");
  return lines.join("\n");
}
