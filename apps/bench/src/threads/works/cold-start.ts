import { verify } from "../../mismatch-error.ts";
import { milliseconds } from "../../unit.ts";
import type { Readings, Work } from "../../work.ts";
import { pythonEntry, pythonNames } from "../python/python-entry.ts";
import type { ThreadSubject } from "../thread-subject.ts";
import { size } from "../thread-work.ts";

/** From making a pool to its first result; it is closed after that. */
export function coldStartWork(name: string, subjects: readonly ThreadSubject[]): Work {
  return {
    name,
    title: "a new pool, until its first result",
    rows: [{ name, unit: milliseconds }],
    entries: [
      ...subjects.map((subject) => ({
        subject: subject.name,
        async open() {
          await start(name, subject);
          return {
            warmUp: async () => {},
            round: () => start(name, subject),
            close: async () => {},
          };
        },
      })),
      pythonEntry(pythonNames.submit, { work: "cold start", size: 1 }, ({ time }) => ({
        [name]: { value: time },
      })),
    ],
  };
}

async function start(name: string, subject: ThreadSubject): Promise<Readings> {
  const begun = performance.now();
  const pool = subject.open({ size });
  const output = await pool.run("noop", 1);
  const value = performance.now() - begun;
  await pool.close();
  verify("noop(1)", 2, output);
  return { [name]: { value } };
}
