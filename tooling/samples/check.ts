import { rmSync } from "node:fs";
import { pagesIn } from "./pages.ts";
import { runProblems } from "./run.ts";
import { isProgram, type Problem, type Sample, samplesOf } from "./sample.ts";
import { writeScratch } from "./scratch.ts";
import { typeProblems } from "./types.ts";

/** What became of the samples of a workspace. */
export interface Report {
  readonly samples: readonly Sample[];
  /** Those that are run, or have a reason not to be. */
  readonly programs: readonly Sample[];
  readonly problems: readonly Problem[];
}

/** Type-checks the samples of the workspace at `root`, and runs those that are programs. */
export async function checkSamples(root: string): Promise<Report> {
  const found = pagesIn(root).map((page) => samplesOf(page));
  const samples = found.flatMap((page) => page.samples);
  const problems = found.flatMap((page) => page.problems);
  const programs = samples.filter((sample) => isProgram(sample, samples));

  const scratch = writeScratch(samples);
  try {
    const [types, runs] = await Promise.all([
      typeProblems(scratch, samples),
      runProblems(
        scratch,
        programs.filter(({ noRun }) => noRun === undefined),
      ),
    ]);
    return { samples, programs, problems: [...problems, ...types, ...runs] };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
