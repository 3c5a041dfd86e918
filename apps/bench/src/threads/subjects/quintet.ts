import { type ThreadsOptions, threads } from "@quintet/threads";
import { packageVersion } from "../../package-version.ts";
import type { ThreadPool } from "../thread-pool.ts";
import type { ThreadSubject } from "../thread-subject.ts";
import { bench } from "../workers/bench.tasks.js";

const isSource = import.meta.resolve("@quintet/threads").endsWith(".ts");
const version = packageVersion("@quintet/threads") + (isSource ? " (sources)" : "");

/** As its README has it: tasks by `defineTasks`, a fixed size, `map` for many inputs, `transfer` and `signal` to `run`, `move` for a result. */
export const quintet: ThreadSubject = {
  name: "quintet",
  kind: "ours",
  version,
  module: import.meta.url,
  open: ({ size }) => open({ size }),
};

/** The same with workers that park between tasks, which is what Piscina's do unless told otherwise. */
export const quintetParking: ThreadSubject = {
  name: "quintet, parking",
  kind: "ours",
  version,
  module: import.meta.url,
  open: ({ size }) => open({ size, parking: true }),
};

function open(options: ThreadsOptions): ThreadPool {
  const pool = threads(options);
  return {
    run: (name, input) => pool.run(bench[name] as typeof bench.noop, input as number) as never,
    map: (inputs) => pool.map(bench.noop, inputs).toArray(),
    send: (bytes) => pool.run(bench.weigh, bytes, { transfer: [bytes.buffer] }),
    bounce: (bytes) => pool.run(bench.bounce, bytes, { transfer: [bytes.buffer] }),
    cancellation() {
      const controller = new AbortController();
      const { signal } = controller;
      return {
        run: (input) => pool.run(bench.noop, input, { signal }),
        cancel: () => controller.abort(),
        isCancelled: (error) => error === signal.reason,
      };
    },
    close: () => pool.close(),
  };
}
