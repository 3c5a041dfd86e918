/**
 * Audits a queue in storms of killed workers, one after the other until the time is over; one at least:
 *
 *     pnpm soak redis [--minutes 10] [--tasks 20000] [--workers 4] [--seconds 30]
 *
 * Exits with 1 when a task never ran, did not settle exactly once, gave a wrong result, or left something in Redis, when
 * a permit was granted twice or never came back, or a value never came; with 2 when the command line is wrong.
 */
import { parseArgs } from "node:util";
import { killStorm } from "./kill-storm.ts";

const options = {
  minutes: { type: "string", default: "10" },
  tasks: { type: "string", default: "20000" },
  workers: { type: "string", default: "4" },
  seconds: { type: "string", default: "30" },
} as const;

/** What the command line says; the program ends where that is nothing that is known. */
function readOptions(): Record<keyof typeof options, string> {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return process.exit(2);
  }
}

const values = readOptions();
const end = performance.now() + Number(values.minutes) * 60_000;
let wrongs = 0;
do {
  const audit = await killStorm({
    tasks: Number(values.tasks),
    workers: Number(values.workers),
    duration: Number(values.seconds) * 1_000,
  });
  process.stdout.write(`${JSON.stringify(audit, null, 2)}\n`);
  const { failed, neverRan, settledWrong, wrongResults, leftKeys } = audit;
  const { tooManyInside, permitsOut, unheard } = audit;
  const left = leftKeys.length + permitsOut + unheard + Math.max(tooManyInside, 0);
  wrongs = failed + neverRan + settledWrong + wrongResults + left;
} while (wrongs === 0 && performance.now() < end);
process.exitCode = wrongs > 0 ? 1 : 0;
