import { party, type Track, waitWatch } from "@quintet/core/kit";
import { wait } from "./wait.ts";

/** Counted, so that tasks of one name are told apart. */
let count = 0;

/** Starts a task, which those who watch waits know by its name and a number; nobody watching, it just starts. */
export function startWatched<T>(name: string, start: () => T): T {
  const watch = waitWatch.current;
  return watch ? watch.runAs(`${name}#${++count}`, start) : start();
}

/** Who is starting; nothing while nobody watches. */
export const currentTrack = (): Track | undefined => waitWatch.current?.track();

/** Waits for the end of a task, `what` in words. Those who watch see that its result is in the task's hand. */
export function* waitForTask<T>(
  result: Promise<T>,
  what: string,
  task: Track | undefined,
): Generator<PromiseLike<T>, T, unknown> {
  const watch = waitWatch.current;
  if (!watch || !task) return yield* wait(result, what);
  const waiter = watch.track();
  const inspect = () => ({
    kind: "task",
    name: what,
    state: {},
    holders: [party("result", 1, task)],
    waiters: [party("result", 1, waiter)],
  });
  const lot = { owner: { inspect } };
  watch.lots.add(lot);
  try {
    return yield* wait(result, what);
  } finally {
    watch.lots.delete(lot);
  }
}
