/**
 * Runs pools of threads through everything that can happen to a task:
 * `node --expose-gc --conditions=@quintet/source packages/threads/test/soak.ts --minutes 10 [--seed 1]`
 */
import { runSoak } from "../../pool/test/soak/run-soak.ts";
import { threads } from "../src/index.ts";

const resourceLimits = { maxOldGenerationSizeMb: 48 };

await runSoak({
  open: (options, random) => threads({ ...options, parking: random() < 0.3, resourceLimits }),
});
