import type { Traits } from "@quintet/core";
import type { Stage } from "./stage.ts";

/** A trait that a case is about. Where it is not met, the executor refuses the case. */
export interface Need {
  readonly trait: keyof Traits;
  readonly met: (traits: Traits) => boolean;
}

/** One sentence of the contract. */
export interface ConformanceCase {
  /** `topic.subject`, stable. */
  readonly id: string;
  /** The sentence. */
  readonly title: string;
  readonly needs?: readonly Need[];
  /** Fails by throwing. */
  readonly run: (stage: Stage) => Promise<void>;
}
