import { processes } from "@quintet/processes";
import { threads } from "@quintet/threads";
import type { SoakPlace } from "./soak-round.ts";

const memory = 48;

const resourceLimits = { maxOldGenerationSizeMb: memory };

/** The pools that can be soaked, by name. */
export const places: Readonly<Record<string, SoakPlace>> = {
  threads: {
    open: (options, random) => threads({ ...options, parking: random() < 0.3, resourceLimits }),
  },
  processes: {
    open: (options, random) =>
      processes({
        ...options,
        memory: memory * 2 ** 20,
        spares: random() < 0.3 ? 1 : 0,
        stdio: "ignore",
      }),
    kill(worker) {
      try {
        process.kill(Number(worker.replace("process ", "")), "SIGKILL");
      } catch (error) {
        // It has ended by itself meanwhile.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    },
  },
};
