import { count } from "../../format.ts";
import { cpuPerTask, perSecond } from "../../measure.ts";
import { tasksPerSecond } from "../../unit.ts";
import { atOnce } from "../at-once.ts";
import { pythonEntry, pythonNames } from "../python/python-entry.ts";
import type { ThreadWork } from "../thread-work.ts";

/** So many tasks that are started in one tick. */
export function atOnceWork(name: string, tasks: number): ThreadWork {
  return {
    name,
    title: `${count(tasks)} tasks started in one tick`,
    rows: [{ name, unit: tasksPerSecond }],
    warmUp: (pool) => atOnce(pool, Math.min(tasks, 20_000)),
    async round(pool) {
      const cost = await atOnce(pool, tasks);
      return { [name]: { value: perSecond(cost, tasks), cpuPerTask: cpuPerTask(cost, tasks) } };
    },
    guests: [
      pythonEntry(pythonNames.submit, { work: "at once", size: tasks }, (cost) => ({
        [name]: { value: perSecond(cost, tasks), cpuPerTask: cpuPerTask(cost, tasks) },
      })),
    ],
  };
}
