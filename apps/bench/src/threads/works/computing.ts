import { count } from "../../format.ts";
import { cpuPerTask, measure } from "../../measure.ts";
import { verify } from "../../mismatch-error.ts";
import { speedUp } from "../../unit.ts";
import { burnInline, burnRate } from "../burn-rate.ts";
import { pythonEntry, pythonNames } from "../python/python-entry.ts";
import type { ThreadPool } from "../thread-pool.ts";
import type { Round, ThreadWork } from "../thread-work.ts";
import { burn } from "../workers/functions.js";

const milliseconds = 10;

/** Tasks that compute: how much faster than this thread alone, which computes the same right before. */
export function computingWork(name: string, tasks: number): ThreadWork {
  return {
    name,
    title: `${count(tasks)} tasks of ${milliseconds} ms, against one core`,
    rows: [{ name, unit: speedUp }],
    async prepare(pool) {
      const iterations = Math.round(milliseconds * burnRate());
      await computingRound(name, pool, iterations, Math.min(tasks, 40))();
      return computingRound(name, pool, iterations, tasks);
    },
    guests: [
      pythonEntry(pythonNames.submit, { work: "computing", size: tasks }, ({ inline, time }) => ({
        [name]: { value: (inline * tasks) / time },
      })),
    ],
  };
}

function computingRound(name: string, pool: ThreadPool, iterations: number, tasks: number): Round {
  const expected = burn(iterations);
  const alone = Math.max(1, Math.round(tasks / 4));
  return async () => {
    const inline = burnInline(Array<number>(alone).fill(iterations)) / alone;
    const { value: outputs, ...cost } = await measure(() =>
      Promise.all(Array.from({ length: tasks }, () => pool.run("burn", iterations))),
    );
    verify("number of results", tasks, outputs.length);
    for (const output of outputs) verify(`burn(${iterations})`, expected, output);
    const value = (inline * tasks) / cost.time;
    return { [name]: { value, cpuPerTask: cpuPerTask(cost, tasks) } };
  };
}
