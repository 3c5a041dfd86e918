import { verify } from "../mismatch-error.ts";
import { burn } from "./workers/functions.js";

const sample = 2_000_000;
let known: number | undefined;

/** How often it is looked: before V8 has compiled the loop for good, it takes more than twice as long. */
const looks = 200;

/**
 * How many iterations of `burn` take a millisecond here at best, measured once. Tasks that compute are so many iterations
 * long and look at no clock: a worker that has to share its core takes longer, and it shows.
 */
export function burnRate(): number {
  known ??= sample / Math.min(...Array.from({ length: looks }, () => burnInline([sample])));
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
