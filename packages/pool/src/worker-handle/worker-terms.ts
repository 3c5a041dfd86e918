import type { SetUpOrder } from "../codec/protocol.ts";

/** How a worker is treated; what its scheduler does not say is never. */
export interface WorkerTerms {
  /** Longest time it may take to start, in milliseconds. */
  readonly startTimeout: number;
  /** Longest time its tear-down may take, in milliseconds. */
  readonly grace: number;
  /** After so many tasks it must be replaced, and may be. */
  readonly quota: number;
  readonly due: number;
  /** What it is told at first. */
  readonly setUp?: SetUpOrder | undefined;
}
