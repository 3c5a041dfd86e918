import type { Subject } from "../subject.ts";

/** What a library's coroutines do in the works. */
export interface CoroutineSubject extends Subject {
  /** Runs so many side by side, each of so many steps; a step calls `work`, then gives way to the others. */
  readonly steps?: (coroutines: number, steps: number, work: () => void) => Promise<unknown>;
  /** Why it takes no part where only the cost of giving way counts. */
  readonly refusal?: string;
  /** Awaits so many promises that are resolved already, in one coroutine; gives the sum of their values, 1 each. */
  readonly waits?: (times: number) => Promise<number>;
  /** Starts so many at once that give way once and return 1; gives the sum. */
  readonly starts?: (count: number) => Promise<number>;
}
