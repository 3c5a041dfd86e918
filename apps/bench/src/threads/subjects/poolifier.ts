import { setMaxListeners } from "node:events";
import { FixedThreadPool } from "poolifier";
import { packageVersion } from "../../package-version.ts";
import { LateError, within } from "../../within.ts";
import type { Functions } from "../thread-pool.ts";
import type { ThreadSubject } from "../thread-subject.ts";
import { workerFile } from "../worker-file.ts";

/** Milliseconds. */
const patience = 2_000;

/**
 * As its README has it: a fixed pool for work that computes, functions by name, `mapExecute` for many inputs.
 * Tasks are not queued in the pool, which is its default; only cancelling what waits takes `enableTasksQueue`.
 */
export const poolifier: ThreadSubject = {
  name: "poolifier",
  kind: "peer",
  version: packageVersion("poolifier"),
  module: import.meta.url,
  open({ size, cancels = false }) {
    const options = cancels ? { enableTasksQueue: true } : {};
    const pool = new FixedThreadPool(size, workerFile("poolifier.js"), options);
    const execute = <Output>(
      name: keyof Functions,
      input: unknown,
      signal?: AbortSignal,
      transfer?: ArrayBuffer[],
    ) => pool.execute(input, name, signal, transfer) as Promise<Output>;
    return {
      run: (name, input) => execute(name, input),
      map: (inputs) => pool.mapExecute(inputs, "noop") as Promise<number[]>,
      send: (bytes) => execute("weigh", bytes, undefined, [bytes.buffer]),
      // No bounce: a result takes no list of what to move.
      cancellation() {
        const controller = new AbortController();
        const { signal } = controller;
        setMaxListeners(0, signal);
        return {
          run: (input) => execute("noop", input, signal),
          cancel: () => controller.abort(new Error("cancelled")),
          isCancelled: (error) => error instanceof Error && /cancelled|aborted/.test(error.message),
        };
      },
      close: () => end(pool),
    };
  },
};

/** `destroy()` waits for the exit of each worker; where one has exited before that, it never answers (5.3.2). */
async function end(pool: FixedThreadPool): Promise<void> {
  try {
    await within(patience, "destroy() does not answer", pool.destroy());
  } catch (error) {
    if (!(error instanceof LateError)) throw error;
    await Promise.all(pool.workerNodes.map(({ worker }) => worker.terminate()));
  }
}
