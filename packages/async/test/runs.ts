/** How often a property is tried. */
export interface Runs {
  readonly numRuns: number;
  readonly seed?: number;
}

/** With a seed all runs are the same each time: what has to catch a mistake must not depend on luck. */
export const runsOf = (numRuns: number, seed?: number): Runs =>
  seed === undefined ? { numRuns } : { numRuns, seed };
