import type { RunOptions, StreamOptions } from "../run-options.ts";
import type { Traits } from "../traits.ts";
import { runRules, streamRules } from "./option-rules.ts";
import { noOutput } from "./refusals.ts";
import type { RunRequest } from "./task-run.ts";
import { type Rules, validateOptions } from "./validate.ts";

/** What was asked, before it is checked. */
export interface LaunchRequest extends RunRequest {
  readonly options: StreamOptions | undefined;
}

export const noOptions: RunOptions = {};

/** The options of a call. *Errors*: `INVALID_OPTION`, `NOT_SUPPORTED`. */
export function checkedOptions(
  owner: string,
  traits: Traits,
  { method, options }: LaunchRequest,
  moreRules?: Rules<object>,
): RunOptions {
  // A map and a broadcast have checked theirs, once for all their runs.
  if (options === undefined || method === "map" || method === "broadcast")
    return options ?? noOptions;
  if (options.onOutput && !traits.output) throw noOutput(owner);
  const rules: Rules<RunOptions> = method === "stream" ? streamRules : runRules;
  return validateOptions<RunOptions>(
    `${owner}.${method}`,
    options,
    moreRules ? { ...rules, ...moreRules } : rules,
  );
}
