/**
 * Audits a queue in a storm of killed workers:
 *
 *     node --conditions=@quintet/source packages/redis/test/soak/soak.ts [--tasks 20000] [--workers 4] [--seconds 30]
 *
 * Exits with 1 when a task never ran, or did not settle exactly once.
 */
import { parseArgs } from "node:util";
import { killStorm } from "./kill-storm.ts";

const { values } = parseArgs({
  options: {
    tasks: { type: "string", default: "20000" },
    workers: { type: "string", default: "4" },
    seconds: { type: "string", default: "30" },
  },
});
const audit = await killStorm({
  tasks: Number(values.tasks),
  workers: Number(values.workers),
  duration: Number(values.seconds) * 1_000,
});
process.stdout.write(`${JSON.stringify(audit, null, 2)}\n`);
process.exitCode = audit.neverRan + audit.settledWrong + audit.failed > 0 ? 1 : 0;
