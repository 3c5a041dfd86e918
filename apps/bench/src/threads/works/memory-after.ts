import { count } from "../../format.ts";
import { growth } from "../../unit.ts";
import type { FreshWork } from "../fresh-work.ts";

interface Sent {
  readonly before: { readonly heap: number; readonly rss: number };
  readonly after: { readonly heap: number; readonly rss: number };
}

/** By how much memory grows over many tasks, in a process of its own for each round. */
export function memoryAfterWork(name: string, tasks: number): FreshWork {
  const resident = `${name}, resident`;
  return {
    name,
    title: `growth over ${count(tasks)} tasks, 1,000 under way, in a fresh process`,
    rows: [name, resident].map((row) => ({ name: row, unit: growth })),
    program: new URL("../fresh/memory-after.ts", import.meta.url),
    argument: tasks,
    readings(sent) {
      const { before, after } = sent as Sent;
      return {
        [name]: { value: percent(before.heap, after.heap) },
        [resident]: { value: percent(before.rss, after.rss) },
      };
    },
  };
}

const percent = (before: number, after: number): number => 100 * (after / before - 1);
