/**
 * `pnpm soak [threads|processes] [--minutes 10] [--seed 1]`: pools under everything that can happen to a task.
 * `pnpm soak redis [--minutes 10] [--tasks 20000] [--workers 4] [--seconds 30]`: a queue whose workers are killed.
 */
import { parseArgs } from "node:util";
import { places } from "./places.ts";
import { runQueueSoak } from "./queue-soak.ts";
import { runSoak } from "./run-soak.ts";

const [first, ...options] = process.argv.slice(2);
if (first === "redis") process.exit((await runQueueSoak(options)) ? 0 : 1);
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const [name = "threads"] = positionals;
const place = places[name];
if (!place)
  throw new Error(
    `There is no place ${name}; there are ${[...Object.keys(places), "redis"].join(", ")}.`,
  );
const isGood = await runSoak(place, Number(values.minutes), Number(values.seed));
// What hangs would keep it alive.
process.exit(isGood ? 0 : 1);
