import { verify } from "../mismatch-error.ts";
import { median } from "../statistics.ts";
import { burn } from "./workers/functions.js";

const sample = 2_000_000;
let known: number | undefined;

/**
 * How many iterations of `burn` take a millisecond here, measured once. Tasks that compute are so many iterations
 * long and look at no clock: a worker that has to share its core takes longer, and it shows.
 */
export function burnRate(): number {
  known ??= sample / median(Array.from({ length: 40 }, () => burnInline([sample])));
  return known;
}

/** The milliseconds that this thread takes for bursts of so many iterations. */
export function burnInline(bursts: readonly number[]): number {
  const start = performance.now();
  const results = bursts.map(burn);
  const time = performance.now() - start;
  verify("number of bursts", bursts.length, results.length);
  return time;
}
