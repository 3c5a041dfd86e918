/**
 * Runs pools of child processes through everything that can happen to a task; some are ended by `kill -9`:
 * `node --expose-gc --conditions=@quintet/source packages/processes/test/soak.ts --minutes 10 [--seed 1]`
 */
import { runSoak } from "../../pool/test/soak/run-soak.ts";
import { processes } from "../src/index.ts";

await runSoak({
  open: (options, random) =>
    processes({
      ...options,
      memory: 48 * 2 ** 20,
      spares: random() < 0.3 ? 1 : 0,
      stdio: "ignore",
    }),
  kill(worker) {
    const pid = Number(worker.replace("process ", ""));
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      // It has ended by itself meanwhile.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  },
});
