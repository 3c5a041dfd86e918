import { onAbort, type TaskRun } from "@quintet/core/kit";
import { leftOut } from "../scheduler/run-key.ts";

/** Options of `broadcast`. All durations are milliseconds. */
export interface BroadcastOptions {
  /** Cancels it on every worker; the broadcast rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Longest running time on each worker. Its clock starts when the task starts there. Default: none. */
  readonly timeout?: number | undefined;
}

/** The outputs of the same task on several workers, but for those that were gone first; rejects when all have ended. */
export async function outputsOf(runs: readonly TaskRun[]): Promise<unknown[]> {
  let failure: { readonly thrown: unknown } | undefined;
  const outputs: unknown[] = [];
  const settle = async (run: TaskRun, index: number): Promise<void> => {
    try {
      outputs[index] = await run.result;
    } catch (thrown) {
      outputs[index] = leftOut;
      if (thrown !== leftOut) failure ??= { thrown };
    }
  };
  await Promise.all(runs.map(settle));
  if (failure) throw failure.thrown;
  return outputs.filter((output) => output !== leftOut);
}

/** Waits, but not longer than until an abort. */
export async function unlessAborted(
  waited: Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!signal) return waited;
  const { promise, reject } = Promise.withResolvers<never>();
  const registration = onAbort(signal, reject);
  try {
    await Promise.race([waited, promise]);
  } finally {
    registration.leave();
  }
}
