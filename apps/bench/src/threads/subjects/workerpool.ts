import workerpool from "workerpool";
import { packageVersion } from "../../package-version.ts";
import type { ThreadSubject } from "../thread-subject.ts";
import { workerFile } from "../worker-file.ts";

/**
 * As its README has it: a dedicated worker, `exec` by name with the arguments in an array, `transfer` and
 * `Transfer`. It has no signals: each promise has a `cancel()`.
 */
export const workerpoolThreads: ThreadSubject = {
  name: "workerpool",
  kind: "peer",
  version: packageVersion("workerpool"),
  module: import.meta.url,
  open({ size }) {
    const pool = workerpool.pool(workerFile("workerpool.js"), {
      workerType: "thread",
      minWorkers: size,
      maxWorkers: size,
    });
    const exec = <Output>(name: string, input: unknown, transfer?: object[]) =>
      pool.exec(name, [input], transfer && { transfer }) as unknown as Cancellable<Output>;
    return {
      run: (name, input) => exec(name, input),
      send: (bytes) => exec("weigh", bytes, [bytes.buffer]),
      bounce: (bytes) => exec("bounce", bytes, [bytes.buffer]),
      cancellation() {
        const promises: Cancellable<number>[] = [];
        return {
          run(input) {
            const promise = exec<number>("noop", input);
            promises.push(promise);
            return promise;
          },
          // Its queue passes over cancelled tasks by recursion, which ends in a RangeError from some 10,000 on (10.0.3).
          most: 5_000,
          cancel: () => promises.forEach((promise) => promise.cancel()),
          isCancelled: (error) => error instanceof workerpool.Promise.CancellationError,
        };
      },
      close: async () => await pool.terminate(),
    };
  },
};

interface Cancellable<Output> extends Promise<Output> {
  cancel(): void;
}
