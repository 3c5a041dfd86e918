import { count } from "../../format.ts";
import { type Cost, cpuPerTask, measure, perSecond } from "../../measure.ts";
import { verify } from "../../mismatch-error.ts";
import { tasksPerSecond } from "../../unit.ts";
import type { Readings } from "../../work.ts";
import { inFlight } from "../in-flight.ts";
import { pythonEntry, pythonNames } from "../python/python-entry.ts";
import type { ThreadPool } from "../thread-pool.ts";
import type { ThreadWork } from "../thread-work.ts";

const window = 64;

/** As many tasks under way as a server under load has, and never more. */
export function inFlightWork(name: string, tasks: number): ThreadWork {
  const readings = (cost: Cost): Readings => ({
    [name]: { value: perSecond(cost, tasks), cpuPerTask: cpuPerTask(cost, tasks) },
  });
  return {
    name,
    title: `${count(tasks)} tasks, ${window} under way`,
    rows: [{ name, unit: tasksPerSecond }],
    async prepare(pool) {
      await runAll(pool, Math.min(tasks, 20_000));
      const cost = (): Promise<Cost> =>
        measure(
          () => runAll(pool, tasks),
          () => runAll(pool, Math.min(tasks, 20_000)),
        );
      return async () => readings(await cost());
    },
    guests: [pythonEntry(pythonNames.submit, { work: "in flight", size: tasks }, readings)],
  };
}

const runAll = (pool: ThreadPool, tasks: number): Promise<void> =>
  inFlight(window, tasks, async (input) => {
    verify(`noop(${input})`, input + 1, await pool.run("noop", input));
  });
