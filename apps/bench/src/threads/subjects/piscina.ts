import { setMaxListeners } from "node:events";
import { Piscina } from "piscina";
import { packageVersion } from "../../package-version.ts";
import type { ThreadPool } from "../thread-pool.ts";
import type { ThreadSubject } from "../thread-subject.ts";
import { workerFile } from "../worker-file.ts";
import { byName } from "./by-name.ts";

const version = packageVersion("piscina");

/**
 * As its README has it: one file with named exports, `name` for each run, `transferList` and `move()`, `signal`.
 * As many threads at least as at most, so that the idle timeout of 0 ms, which the README warns of, stops none.
 */
export const piscina: ThreadSubject = {
  name: "Piscina",
  kind: "peer",
  version,
  module: import.meta.url,
  open: ({ size }) => open(size, {}),
};

/** The README gives this option to tasks that wait; it also keeps tasks ready at the worker, so it is the fastest setting. */
export const piscinaConcurrent: ThreadSubject = {
  name: "Piscina, 16 tasks a worker",
  kind: "peer",
  version,
  module: import.meta.url,
  open: ({ size }) => open(size, { concurrentTasksPerWorker: 16 }),
};

function open(size: number, options: { concurrentTasksPerWorker?: number }): ThreadPool {
  const pool = new Piscina({
    filename: workerFile("named.js"),
    minThreads: size,
    maxThreads: size,
    ...options,
  });
  const moves = { filename: workerFile("piscina-moves.js"), name: "bounce" };
  return {
    run: (name, input) => pool.run(input, byName[name]) as Promise<never>,
    send: (bytes) => pool.run(bytes, { ...byName.weigh, transferList: [bytes.buffer] }),
    bounce: (bytes) => pool.run(bytes, { ...moves, transferList: [bytes.buffer] }),
    cancellation() {
      const controller = new AbortController();
      const { signal } = controller;
      setMaxListeners(0, signal);
      return {
        run: (input) => pool.run(input, { ...byName.noop, signal }),
        cancel: () => controller.abort(),
        isCancelled: (error) => error instanceof Error && error.name === "AbortError",
      };
    },
    close: () => pool.destroy(),
  };
}
