import type { Inspectable } from "../../inspection.ts";
import { sharedState } from "../shared-state.ts";

/** Who began to hold or to wait, and when. */
export interface Track {
  readonly task: string | undefined;
  readonly place: string | undefined;
  /** Milliseconds on the system's monotonic clock. */
  readonly since: number;
  /** Whether it is an arm of a select, which something else may end as well. */
  readonly isArm?: boolean | undefined;
}

/** Somebody who wants to know of every wait. */
export interface WaitWatch {
  /** Where somebody waits: joined with the first waiter, left with the last. */
  readonly lots: Set<{ readonly owner: Inspectable }>;
  /** Says who takes or waits right now. */
  track(): Track;
  /** Runs a function, and all it starts, as a task of this name; without one, as a nameless task unless it is in one. */
  runAs<T>(task: string | undefined, call: () => T): T;
}

/**
 * The one who watches the waits of this realm, if anybody does. Nobody watching costs one property read
 * for each wait and each permit.
 */
export const waitWatch: { current: WaitWatch | undefined } = sharedState("waits", () => ({
  current: undefined,
}));
