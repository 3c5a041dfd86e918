import { runRules } from "../options/option-rules.ts";
import { duration, type Rules, validateOptions } from "../options/validate.ts";

/** Options of everything that waits. */
export interface WaitOptions {
  /** Stops waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Longest wait in milliseconds. Default: none. */
  readonly timeout?: number | undefined;
}

export const waitRules: Rules<WaitOptions> = /* @__PURE__ */ (() => ({
  signal: runRules.signal,
  timeout: duration(true),
}))();

/** The options of a wait, checked. *Errors*: `INVALID_OPTION`, naming the primitive. */
export function checkedWait(
  name: string,
  options: WaitOptions | undefined,
): WaitOptions | undefined {
  return options && validateOptions(name, options, waitRules);
}
