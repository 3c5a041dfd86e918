import type { Attempt, Entry, Readings, Work } from "../work.ts";
import type { Call, PolicySubject } from "./policy-subject.ts";

/** For so many milliseconds, and so often, everybody does a work before it counts. */
const warmLength = 400;
const mostWarm = 20;

/** Makes calls, checks what they gave, and says what it took. */
export type Round = () => Promise<Readings>;

/** Something to do with one policy. */
export interface PolicyWork extends Omit<Work, "entries"> {
  /** What a subject's part is; `undefined` for who has none. */
  readonly prepare: (subject: PolicySubject) => Round | undefined;
}

/** The work, for all of these subjects that have what it takes. */
export function policyWork(work: PolicyWork, subjects: readonly PolicySubject[]): Work {
  const { name, title, rows } = work;
  const entries = subjects.flatMap((subject): Entry[] => {
    const round = work.prepare(subject);
    return round ? [{ subject: subject.name, open: async () => attempt(round) }] : [];
  });
  return { name, title, rows, entries };
}

function attempt(round: Round): Attempt {
  return {
    async warmUp() {
      const end = performance.now() + warmLength;
      for (let times = 0; times < mostWarm && performance.now() < end; times++) await round();
    },
    round,
    close: async () => {},
  };
}

/** Gives the next number. */
export const increment: Call = async (input) => input + 1;

/** Gives the next number at every second call. Always the same error: making one would cost more than all the rest. */
export function failsFirst(): Call {
  const error = new Error("not at the first");
  let calls = 0;
  return async (input) => {
    if (++calls % 2 === 1) throw error;
    return input + 1;
  };
}
