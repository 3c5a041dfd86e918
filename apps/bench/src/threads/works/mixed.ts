import { count } from "../../format.ts";
import { cpuPerTask, measure } from "../../measure.ts";
import { verify } from "../../mismatch-error.ts";
import { random } from "../../random.ts";
import { slowDown } from "../../unit.ts";
import { burnInline, burnRate } from "../burn-rate.ts";
import { size as workers, type ThreadWork } from "../thread-work.ts";
import { burn } from "../workers/functions.js";

const shortest = 0.1;
const longest = 50;

/** Tasks of very different lengths, always the same ones: how much longer than the shortest time there could be. */
export function mixedWork(name: string, tasks: number): ThreadWork {
  return {
    name,
    title: `${count(tasks)} tasks of ${shortest} to ${longest} ms, against the ideal`,
    rows: [{ name, unit: slowDown }],
    async prepare(pool) {
      const bursts = lengths(tasks).map((length) => Math.round(length * burnRate()));
      const expected = bursts.map(burn);
      const sample = bursts.slice(0, Math.ceil(tasks / 4));
      await Promise.all(sample.map((burst) => pool.run("burn", burst)));
      return async () => {
        const rate = sum(sample) / burnInline(sample);
        const { value: outputs, ...cost } = await measure(() =>
          Promise.all(bursts.map((burst) => pool.run("burn", burst))),
        );
        verify("number of results", tasks, outputs.length);
        for (const [index, output] of outputs.entries()) {
          verify(`burn(${bursts[index]})`, expected[index], output);
        }
        const ideal = Math.max(sum(bursts) / workers, ...bursts) / rate;
        return { [name]: { value: cost.time / ideal, cpuPerTask: cpuPerTask(cost, tasks) } };
      };
    },
  };
}

/** In milliseconds. Short ones are as frequent as long ones by order of magnitude. */
function lengths(number: number): number[] {
  const next = random(1);
  return Array.from({ length: number }, () => shortest * (longest / shortest) ** next());
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
