/** What everybody runs: it ends in the next turn of the microtask queue. */
export type AsyncTask = () => Promise<void>;

/** Lets so many tasks run at a time; what a library cannot do is missing. */
export interface Limiter {
  /** Runs tasks one after another, so that a permit is always free. */
  oneByOne(tasks: number, task: AsyncTask): Promise<void>;
  /** Starts all tasks in one tick. */
  atOnce(tasks: number, task: AsyncTask): Promise<void>;
  /** Runs tasks in so many loops, each of which always has one that runs or waits. */
  inLoops(loops: number, tasks: number, task: AsyncTask): Promise<void>;
  /** Takes a permit and gives it back, so many times, where one is always free. */
  readonly acquire?: (times: number) => Promise<void>;
  /** The same without awaiting anything. */
  readonly tryAcquire?: (times: number) => void;
  /** Runs a task that stops waiting when a signal aborts, and rejects with its reason then. */
  readonly useWith?: (signal: AbortSignal, task: AsyncTask) => Promise<void>;
}

/** A queue of items, which so many workers take from. */
export interface Items {
  /** Puts so many items, lets workers run the task once for each, and resolves when all is done. */
  readonly passOn: (items: number, workers: number, task: AsyncTask) => Promise<void>;
}

/** The loops of a library that runs functions. */
export function limiterOf(
  use: (task: AsyncTask) => Promise<unknown>,
  more: Pick<Limiter, "acquire" | "tryAcquire" | "useWith"> = {},
): Limiter {
  return {
    async oneByOne(tasks, task) {
      for (let left = tasks; left > 0; left--) await use(task);
    },
    async atOnce(tasks, task) {
      const all: Promise<unknown>[] = [];
      for (let left = tasks; left > 0; left--) all.push(use(task));
      await Promise.all(all);
    },
    inLoops: (loops, tasks, task) => inLoops(loops, tasks, () => use(task)),
    ...more,
  };
}

/** Runs a function so many times, in so many loops. */
export async function inLoops(
  loops: number,
  tasks: number,
  run: () => Promise<unknown>,
): Promise<void> {
  let left = tasks;
  const loop = async (): Promise<void> => {
    while (left-- > 0) await run();
  };
  await Promise.all(Array.from({ length: loops }, loop));
}
