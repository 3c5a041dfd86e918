import { Worker } from "jest-worker";
import { packageVersion } from "../../package-version.ts";
import { byName } from "../../threads/subjects/by-name.ts";
import type { ThreadSubject } from "../../threads/thread-subject.ts";
import { workerFile } from "../../threads/worker-file.ts";

/** As its README has it: processes, methods by name, and the serialisation that keeps what structured clone does. */
export const jestWorker: ThreadSubject = {
  name: "jest-worker",
  kind: "peer",
  version: packageVersion("jest-worker"),
  module: import.meta.url,
  open({ size }) {
    const farm = new Worker(workerFile("named.js"), {
      numWorkers: size,
      exposedMethods: Object.keys(byName),
      forkOptions: { serialization: "advanced" },
    }) as unknown as Farm;
    return {
      run: (name, input) => farm[name](input) as Promise<never>,
      close: async () => void (await farm.end()),
    };
  },
};

/** Its methods are those of the module it is given. */
type Farm = Record<keyof typeof byName, (input: unknown) => Promise<unknown>> & {
  end(): Promise<unknown>;
};
