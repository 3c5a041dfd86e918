import { Tinypool } from "tinypool";
import { packageVersion } from "../../package-version.ts";
import { byName } from "../../threads/subjects/by-name.ts";
import type { ThreadSubject } from "../../threads/thread-subject.ts";
import { workerFile } from "../../threads/worker-file.ts";

/** As its README has it, with `runtime: "child_process"`, and the serialisation that keeps what structured clone does. */
export const tinypoolProcesses: ThreadSubject = {
  name: "tinypool, processes",
  kind: "peer",
  version: packageVersion("tinypool"),
  module: import.meta.url,
  open({ size }) {
    const pool = new Tinypool({
      filename: workerFile("named.js"),
      runtime: "child_process",
      serialization: "advanced",
      minThreads: size,
      maxThreads: size,
    });
    return {
      run: (name, input) => pool.run(input, byName[name]) as Promise<never>,
      close: () => pool.destroy(),
    };
  },
};
