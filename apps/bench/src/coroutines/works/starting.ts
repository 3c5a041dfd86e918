import { count } from "../../format.ts";
import { cpuPerTask, measure, perSecond } from "../../measure.ts";
import { verify } from "../../mismatch-error.ts";
import { tasksPerSecond } from "../../unit.ts";
import type { Work } from "../../work.ts";
import { coroutineEntries } from "../coroutine-entry.ts";

/** Many coroutines that are started in one tick, give way once, and end. */
export function startingWork(name: string, coroutines: number): Work {
  return {
    name,
    title: `${count(coroutines)} coroutines of one yield, started in one tick`,
    rows: [{ name, unit: tasksPerSecond }],
    entries: coroutineEntries(
      ({ starts }) =>
        starts &&
        (async () => {
          const { value, ...cost } = await measure(
            () => starts(coroutines),
            () => starts(Math.min(coroutines, 1_000)),
          );
          verify("sum of the results", coroutines, value);
          return {
            [name]: {
              value: perSecond(cost, coroutines),
              cpuPerTask: cpuPerTask(cost, coroutines),
            },
          };
        }),
    ),
  };
}
