import { processes } from "@quintet/processes";
import { packageVersion } from "../../package-version.ts";
import { bench } from "../../threads/workers/bench.tasks.js";
import type { ThreadSubject } from "../../threads/thread-subject.ts";

/** As its README has it: tasks by `defineTasks`, a fixed size, `map` for many inputs. */
export const quintetProcesses: ThreadSubject = {
  name: "quintet, processes",
  kind: "ours",
  version: packageVersion("@quintet/processes"),
  module: import.meta.url,
  open({ size }) {
    const pool = processes({ size });
    return {
      run: (name, input) => pool.run(bench[name] as typeof bench.noop, input as number) as never,
      map: (inputs) => pool.map(bench.noop, inputs).toArray(),
      close: () => pool.close(),
    };
  },
};
