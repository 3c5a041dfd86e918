import type { Attempt, Entry, Readings, Work } from "../work.ts";
import type { ThreadPool } from "./thread-pool.ts";
import type { ThreadSubject } from "./thread-subject.ts";

/** How many workers everybody has. */
export const size = 2;

/** For so many milliseconds, and so often, everybody does a work before it counts. */
const warmLength = 800;
const mostWarm = 6;

/** Does a work once, checks what came out, and says what it took. */
export type Round = () => Promise<Readings>;

/** Something to do with a pool that stays open from the first round to the last. */
export interface ThreadWork extends Omit<Work, "entries"> {
  /** Why a pool cannot do it. */
  readonly refusal?: (pool: ThreadPool) => string | undefined;
  /** Tasks will be cancelled while they wait. */
  readonly cancels?: boolean;
  /** Lets compilers and caches settle, and gives what a round does. */
  readonly prepare: (pool: ThreadPool) => Promise<Round>;
  /** Others who do the same, without a pool of threads. */
  readonly guests?: readonly Entry[];
}

/** The work, for all of these subjects. */
export function threadWork(work: ThreadWork, subjects: readonly ThreadSubject[]): Work {
  const { name, title, rows, guests = [] } = work;
  const own = subjects.map((subject) => ({
    subject: subject.name,
    open: () => openAttempt(work, subject),
  }));
  return { name, title, rows, entries: [...own, ...guests] };
}

async function openAttempt(work: ThreadWork, subject: ThreadSubject): Promise<Attempt> {
  const pool = subject.open({ size, cancels: work.cancels ?? false });
  const refusal = work.refusal?.(pool);
  if (refusal !== undefined) {
    await pool.close();
    throw new Error(refusal);
  }
  let round: Round | undefined;
  return {
    async warmUp() {
      // Compilers take tens of thousands of calls until they have settled; to the slow ones, preparing is as many.
      const end = performance.now() + warmLength;
      round = await work.prepare(pool);
      for (let times = 0; times < mostWarm && performance.now() < end; times++) await round();
    },
    async round() {
      if (!round) throw new Error(`${subject.name} was not warmed up.`);
      return await round();
    },
    close: () => pool.close(),
  };
}
