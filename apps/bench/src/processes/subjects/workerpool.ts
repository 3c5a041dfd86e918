import workerpool from "workerpool";
import { packageVersion } from "../../package-version.ts";
import type { ThreadSubject } from "../../threads/thread-subject.ts";
import { workerFile } from "../../threads/worker-file.ts";

/** As its README has it, with `workerType: "process"`, and the serialisation that keeps what structured clone does. */
export const workerpoolProcesses: ThreadSubject = {
  name: "workerpool, processes",
  kind: "peer",
  version: packageVersion("workerpool"),
  module: import.meta.url,
  open({ size }) {
    const pool = workerpool.pool(workerFile("workerpool.js"), {
      workerType: "process",
      forkOpts: { serialization: "advanced" },
      minWorkers: size,
      maxWorkers: size,
    });
    return {
      run: (name, input) => pool.exec(name, [input]) as Promise<never>,
      close: async () => await pool.terminate(),
    };
  },
};
