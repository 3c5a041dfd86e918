import { MismatchError } from "./mismatch-error.ts";
import { rotated } from "./rotated.ts";
import { within } from "./within.ts";
import type { Attempt, Entry, Reading, Readings, Work } from "./work.ts";

/** What came of one subject in one work. */
export interface SubjectRun {
  readonly subject: string;
  /** Why there is no reading, or no further one. */
  missing?: string;
  /** One for each round it took part in. */
  readonly rounds: Readings[];
  /** It broke down; that is no outcome of a benchmark. */
  failed?: boolean;
}

/** How a work is run. Times are milliseconds. */
export interface RunWorkOptions {
  readonly rounds: number;
  /** A subject that has used up so much time takes part in no further round; everyone has one. */
  readonly budget: number;
  /** When a subject that gives no answer is given up. */
  readonly patience: number;
  /** Told what comes next. */
  readonly onStep: (step: string) => void;
}

/** Milliseconds that a subject may take to close. */
const closing = 20_000;

/**
 * Runs a work: all subjects are opened and warmed up, then take turns, in another order each round, so that
 * a machine that gets slower or faster meanwhile does so for all of them.
 * Who fails leaves the work, which goes on. *Errors*: a wrong output, whoever gave it.
 */
export async function runWork(work: Work, given: RunWorkOptions): Promise<SubjectRun[]> {
  const patience = Math.min(given.patience, work.patience ?? Infinity);
  const options = { ...given, patience };
  const entrants: Entrant[] = [];
  try {
    for (const entry of work.entries) {
      options.onStep(`opening ${entry.subject}`);
      entrants.push(await enter(entry, options));
    }
    for (const entrant of entrants) {
      await attend(entrant, options, `${entrant.run.subject} warms up`, (it) => it.warmUp());
    }
    for (let round = 0; round < options.rounds; round++) {
      for (const entrant of rotated(entrants, round)) {
        if (isSpent(entrant, options.budget)) continue;
        const step = `round ${round + 1} of ${options.rounds}: ${entrant.run.subject}`;
        const start = performance.now();
        const readings = await attend(entrant, options, step, (it) => it.round());
        if (readings) entrant.run.rounds.push(readings);
        entrant.longest = Math.max(entrant.longest, performance.now() - start);
        entrant.spent += performance.now() - start;
      }
    }
    return entrants.map(({ run }) => run);
  } finally {
    for (const entrant of entrants) await leave(entrant, options);
  }
}

/** Every value that was read in one row. */
export function readingsOf({ rounds }: SubjectRun, row: string): Reading[] {
  const all = rounds.flatMap((readings) => readings[row] ?? []);
  return all.filter((reading) => typeof reading !== "string");
}

/** Why a row has no value. */
export function reasonOf({ rounds, missing }: SubjectRun, row: string): string {
  const reasons = rounds.map((readings) => readings[row]);
  return reasons.find((reason) => typeof reason === "string") ?? missing ?? "not measured";
}

interface Entrant {
  attempt?: Attempt;
  readonly run: SubjectRun;
  spent: number;
  longest: number;
}

async function enter({ subject, open }: Entry, { patience }: RunWorkOptions): Promise<Entrant> {
  const run: SubjectRun = { subject, rounds: [] };
  try {
    const attempt = await within(patience, "it does not open", open());
    return { attempt, run, spent: 0, longest: 0 };
  } catch (error) {
    if (error instanceof MismatchError) throw error;
    run.missing = `not available: ${error instanceof Error ? error.message : String(error)}`;
    return { run, spent: 0, longest: 0 };
  }
}

const isSpent = ({ spent, longest }: Entrant, budget: number): boolean =>
  spent > 0 && spent + longest > budget;

/** Lets one subject do something; the one that does not answer leaves the work. */
async function attend<Value>(
  entrant: Entrant,
  { patience, onStep }: RunWorkOptions,
  step: string,
  act: (attempt: Attempt) => Promise<Value>,
): Promise<Value | undefined> {
  const { attempt, run } = entrant;
  if (!attempt || run.missing !== undefined) return undefined;
  onStep(step);
  try {
    return await within(patience, `no answer within ${patience / 1_000} s`, act(attempt));
  } catch (error) {
    if (error instanceof MismatchError) {
      throw new MismatchError(`${run.subject}: ${error.message}`, { cause: error });
    }
    run.missing = `failed: ${error instanceof Error ? error.message : String(error)}`;
    run.failed = true;
    return undefined;
  }
}

async function leave({ attempt, run }: Entrant, { onStep }: RunWorkOptions): Promise<void> {
  if (!attempt) return;
  onStep(`closing ${run.subject}`);
  try {
    await within(closing, `did not close within ${closing / 1_000} s`, attempt.close());
  } catch (error) {
    run.missing = [run.missing, String(error)].filter(Boolean).join("; ");
    run.failed = true;
  }
}
