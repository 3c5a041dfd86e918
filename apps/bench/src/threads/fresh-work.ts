import { inFreshProcess } from "../fresh-process.ts";
import type { Readings, Work } from "../work.ts";
import type { ThreadSubject } from "./thread-subject.ts";

/** Something that needs a process of its own for each subject and round. */
export interface FreshWork extends Omit<Work, "entries"> {
  readonly program: URL;
  /** What the program is given after the subject's module and name. */
  readonly argument: number;
  /** Makes readings of what it sends. */
  readonly readings: (sent: unknown) => Readings;
}

/** The work, for all of these subjects. Each process warms up by itself. */
export function freshWork(work: FreshWork, subjects: readonly ThreadSubject[]): Work {
  const { name, title, rows, program, argument, readings } = work;
  const entries = subjects.map((subject) => ({
    subject: subject.name,
    async open() {
      const pool = subject.open({ size: 1 });
      await pool.run("noop", 1);
      await pool.close();
      return {
        warmUp: async () => {},
        round: async () =>
          readings(await inFreshProcess(program, [subject.module, subject.name, String(argument)])),
        close: async () => {},
      };
    },
  }));
  return { name, title, rows, entries };
}
