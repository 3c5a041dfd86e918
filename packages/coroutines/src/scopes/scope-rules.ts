import { duration, type Rules, runRules, typed, wholeNumber } from "@quintet/core/kit";
import type { ScopeOptions } from "./scope.ts";

/** Those of `taskGroup`, checked here as well, so that a message names the call that was made. */
export const scopeRules: Rules<ScopeOptions> = {
  name: typed("string"),
  signal: runRules.signal,
  timeout: duration(),
  deadline: runRules.deadline,
  limit: wholeNumber(1, true),
  grace: duration(true),
  supervise: typed("function"),
  parent: () => undefined, // `outerOf` knows what a scope is
  clock: typed("object"),
};
