import { cpuPerTask, measure, perSecond } from "../measure.ts";
import { verify } from "../mismatch-error.ts";
import { microseconds, tasksPerSecond } from "../unit.ts";
import type { Attempt, Readings, Work } from "../work.ts";
import type { AsyncSubject } from "./async-subject.ts";
import type { AsyncTask } from "./limiter.ts";

/** For so many milliseconds, and so often, everybody does a work before it counts. */
const warmLength = 400;
const mostWarm = 6;

/** Something to do in this thread. */
export interface AsyncWork {
  readonly name: string;
  readonly title: string;
  /** How many tasks a round has. */
  readonly tasks: number;
  /** Whether the row has microseconds for each task, instead of tasks in a second. */
  readonly perTask?: boolean;
  /** How often the task has to have run. Default: once for each. */
  readonly runs?: number;
  /** Makes what does the work once; nothing where the subject cannot. */
  readonly prepare: (subject: AsyncSubject, task: AsyncTask) => (() => Promise<void>) | undefined;
}

/** The work, for all of these subjects. */
export function asyncWork(work: AsyncWork, subjects: readonly AsyncSubject[]): Work {
  const { name, title, perTask = false } = work;
  return {
    name,
    title,
    rows: [{ name, unit: perTask ? microseconds : tasksPerSecond }],
    entries: subjects.flatMap((subject) => {
      const counter = { runs: 0 };
      // No arrow function that is made anew for each task: the library's own cost is what counts.
      const once = work.prepare(subject, async () => void counter.runs++);
      if (!once) return [];
      return [{ subject: subject.name, open: async () => attempt(work, counter, once) }];
    }),
  };
}

function attempt(
  { name, tasks, perTask, runs = tasks }: AsyncWork,
  counter: { runs: number },
  once: () => Promise<void>,
): Attempt {
  async function round(): Promise<Readings> {
    const cost = await measure(async () => {
      counter.runs = 0;
      await once();
      verify(`runs of the task in "${name}"`, runs, counter.runs);
    }, once);
    const value = perTask ? (1_000 * cost.time) / tasks : perSecond(cost, tasks);
    return { [name]: { value, cpuPerTask: cpuPerTask(cost, tasks) } };
  }
  return {
    async warmUp() {
      const end = performance.now() + warmLength;
      for (let times = 0; times < mostWarm && performance.now() < end; times++) await once();
    },
    round,
    async close() {},
  };
}
