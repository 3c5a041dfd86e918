import { LocalDesk, RunNames, systemClock } from "@quintet/core/kit";
import { refusal } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { far } from "../needs.ts";
import { tasks } from "../tasks.ts";

export const farNameCases: readonly ConformanceCase[] = [
  {
    id: "names.far",
    title: "Where tasks run on other machines, the names of another executor are refused",
    needs: [far],
    run: async (stage) => {
      const executor = await stage.executor();
      const desk = new LocalDesk(systemClock);
      const names = Object.assign(new RunNames(desk), { desk });
      await refusal(executor.run(tasks.echo, 1, { names }), "NOT_SUPPORTED");
    },
  },
];
