import { LocalDesk, RunNames, systemClock } from "@quintet/core/kit";
import { refusal } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { far } from "../needs.ts";
import { tasks } from "../tasks.ts";

export const farNameCases: readonly ConformanceCase[] = [
  {
    id: "names.far",
    title: "Where tasks run on other machines, names are refused, also those of another executor",
    needs: [far],
    run: async (stage) => {
      const executor = await stage.executor();
      await refusal(executor.semaphore("s").acquire(), "NOT_SUPPORTED");
      await refusal(executor.channel("c").send(1), "NOT_SUPPORTED");
      const desk = new LocalDesk(systemClock);
      const names = Object.assign(new RunNames(desk), { desk });
      await refusal(executor.run(tasks.echo, 1, { names }), "NOT_SUPPORTED");
    },
  },
];
