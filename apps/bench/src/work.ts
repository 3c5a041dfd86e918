import type { Unit } from "./unit.ts";

/** One figure that a work gives for each subject. */
export interface Row {
  /** What it is called in tables, in JSON and by targets. */
  readonly name: string;
  readonly unit: Unit;
}

/** What one round measured of one row. */
export interface Reading {
  readonly value: number;
  /** Microseconds of processor time for a task, of all threads and processes that took part. */
  readonly cpuPerTask?: number | undefined;
  /** What was different for this subject. */
  readonly note?: string | undefined;
}

/** By the name of the row; a reason where nothing was measured. */
export type Readings = Readonly<Record<string, Reading | string>>;

/** A subject that is ready for the rounds of a work. */
export interface Attempt {
  /** Lets compilers and caches settle; nothing of it is measured. */
  warmUp(): Promise<void>;
  /** Does the work once. *Errors*: an output is wrong, or the subject failed. */
  round(): Promise<Readings>;
  /** Leaves nothing running. */
  close(): Promise<void>;
}

/** A subject's part in a work. */
export interface Entry {
  /** The subject's name. */
  readonly subject: string;
  /** *Errors*: the reason why the subject cannot take part; the others go on without it. */
  readonly open: () => Promise<Attempt>;
}

/** Something to do, which every entry does side by side with the others. */
export interface Work {
  readonly name: string;
  /** What a round does, in a few words. */
  readonly title: string;
  readonly rows: readonly Row[];
  readonly entries: readonly Entry[];
  /** Milliseconds after which a subject that gives no answer is given up, where that is sooner than elsewhere. */
  readonly patience?: number;
}
