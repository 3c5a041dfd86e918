import type { AcquireOptions } from "../../semaphore.ts";
import { runRules } from "../options/option-rules.ts";
import { type Rules, wholeNumber } from "../options/validate.ts";
import { waitRules } from "../waits/wait-options.ts";

/** Options of `acquiring`. */
export type AcquiringOptions = Pick<AcquireOptions, "weight" | "priority">;

/** The options of `acquiring`. */
export const acquiringRules: Rules<AcquiringOptions> = /* @__PURE__ */ (() => ({
  weight: wholeNumber(1),
  priority: runRules.priority,
}))();

/** The options of `acquire`. */
export const acquireRules: Rules<AcquireOptions> = /* @__PURE__ */ (() => ({
  ...waitRules,
  ...acquiringRules,
}))();
