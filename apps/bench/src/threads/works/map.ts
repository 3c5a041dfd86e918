import { count } from "../../format.ts";
import { type Cost, cpuPerTask, measure, perSecond } from "../../measure.ts";
import { verify } from "../../mismatch-error.ts";
import { itemsPerSecond } from "../../unit.ts";
import type { Readings } from "../../work.ts";
import { pythonEntry, pythonNames } from "../python/python-entry.ts";
import type { ThreadPool } from "../thread-pool.ts";
import type { ThreadWork } from "../thread-work.ts";

/** One function for many integers, in the way that each library offers for it; `Promise.all` of runs where it has none. */
export function mapWork(name: string, items: number): ThreadWork {
  const readings = (cost: Cost): Readings => ({
    [name]: { value: perSecond(cost, items), cpuPerTask: cpuPerTask(cost, items) },
  });
  const request = { work: "map", size: items } as const;
  return {
    name,
    title: `one function for ${count(items)} integers`,
    rows: [{ name, unit: itemsPerSecond }],
    async prepare(pool) {
      await mapAll(pool, Math.min(items, 20_000));
      return async () => readings(await mapAll(pool, items));
    },
    guests: [
      pythonEntry(pythonNames.map, request, readings),
      pythonEntry(pythonNames.poolMap, request, readings),
    ],
  };
}

async function mapAll(pool: ThreadPool, items: number): Promise<Cost> {
  const inputs = Array.from({ length: items }, (_, index) => index);
  const map = pool.map ?? ((all) => Promise.all(all.map((input) => pool.run("noop", input))));
  const { value: outputs, ...cost } = await measure(
    () => map(inputs),
    () => map(inputs.slice(0, 20_000)),
  );
  verify("number of results", items, outputs.length);
  for (const [index, output] of outputs.entries()) verify(`noop(${index})`, index + 1, output);
  return cost;
}
