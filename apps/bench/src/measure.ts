import { cpuTime } from "./cpu-time.ts";
import { collectGarbage } from "./collect-garbage.ts";

/** What an action took. */
export interface Cost {
  /** Milliseconds. */
  readonly time: number;
  /** Milliseconds of processor time of the whole process and its children: every thread, in the kernel and outside. */
  readonly cpu: number;
}

/** For so many milliseconds an action is warmed up again before it is measured. */
const warmLength = 300;

/**
 * Measures an action, on a heap without garbage of the one before. With the garbage V8 throws away code that it has
 * compiled, since nothing is alive that the code was for; so `warmUp` is done again and again for a moment first.
 */
export async function measure<Value>(
  action: () => Promise<Value>,
  warmUp?: () => Promise<unknown>,
): Promise<Cost & { readonly value: Value }> {
  collectGarbage();
  if (warmUp) {
    const end = performance.now() + warmLength;
    while (performance.now() < end) await warmUp();
  }
  const cpuBefore = cpuTime();
  const start = performance.now();
  const value = await action();
  const time = performance.now() - start;
  return { value, time, cpu: cpuTime() - cpuBefore };
}

/** Microseconds of processor time for each of so many tasks. */
export const cpuPerTask = ({ cpu }: Cost, tasks: number): number => (1_000 * cpu) / tasks;

/** How many a second. */
export const perSecond = ({ time }: Pick<Cost, "time">, tasks: number): number =>
  (1_000 * tasks) / time;
