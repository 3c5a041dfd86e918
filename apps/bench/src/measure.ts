import { collectGarbage } from "./collect-garbage.ts";

/** What an action took. */
export interface Cost {
  /** Milliseconds. */
  readonly time: number;
  /** Milliseconds of processor time of the whole process: every thread, in the kernel and outside. */
  readonly cpu: number;
}

/** Measures an action, on a heap without garbage of the one before. */
export async function measure<Value>(
  action: () => Promise<Value>,
): Promise<Cost & { readonly value: Value }> {
  collectGarbage();
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const value = await action();
  const time = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { value, time, cpu: (user + system) / 1_000 };
}

/** Microseconds of processor time for each of so many tasks. */
export const cpuPerTask = ({ cpu }: Cost, tasks: number): number => (1_000 * cpu) / tasks;

/** How many a second. */
export const perSecond = ({ time }: Pick<Cost, "time">, tasks: number): number =>
  (1_000 * tasks) / time;
