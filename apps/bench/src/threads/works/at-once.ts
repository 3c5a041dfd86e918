import { count } from "../../format.ts";
import { type Cost, cpuPerTask, perSecond } from "../../measure.ts";
import { tasksPerSecond } from "../../unit.ts";
import type { Readings } from "../../work.ts";
import { atOnce } from "../at-once.ts";
import { pythonEntry, pythonNames } from "../python/python-entry.ts";
import type { ThreadWork } from "../thread-work.ts";

/** So many tasks that are started in one tick. */
export function atOnceWork(name: string, tasks: number): ThreadWork {
  const readings = (cost: Cost): Readings => ({
    [name]: { value: perSecond(cost, tasks), cpuPerTask: cpuPerTask(cost, tasks) },
  });
  return {
    name,
    title: `${count(tasks)} tasks started in one tick`,
    rows: [{ name, unit: tasksPerSecond }],
    async prepare(pool) {
      await atOnce(pool, Math.min(tasks, 20_000));
      return async () => readings(await atOnce(pool, tasks));
    },
    guests: [pythonEntry(pythonNames.submit, { work: "at once", size: tasks }, readings)],
  };
}
