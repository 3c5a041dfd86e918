import type { RunOptions } from "../run-options.ts";
import type { LaunchRequest } from "./dispatcher.ts";
import { runRules, streamRules } from "./option-rules.ts";
import { validateOptions } from "./validate.ts";

/** What a call has that names none. */
export const noOptions: RunOptions = {};

/** The options of a call, checked. A map and a broadcast have done that themselves, once for all their runs. */
export function checkedOptions(owner: string, { method, options }: LaunchRequest): RunOptions {
  if (options === undefined || method === "map" || method === "broadcast")
    return options ?? noOptions;
  return method === "stream"
    ? validateOptions(`${owner}.stream`, options, streamRules)
    : validateOptions<RunOptions>(`${owner}.${method}`, options, runRules);
}
