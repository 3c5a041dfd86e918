import type { MapOptions, RunOptions, StreamOptions } from "../../run-options.ts";
import type { Engine, MapMore } from "./engine.ts";
import { runRules, streamRules } from "../options/option-rules.ts";
import { noNames, noOutput } from "../errors/refusals.ts";
import type { RunRequest } from "./task-run.ts";
import { type Rules, validateOptions } from "../options/validate.ts";

/** What was asked, before it is checked. */
export interface LaunchRequest extends RunRequest {
  readonly options: StreamOptions | undefined;
}

export const noOptions: RunOptions = {};

/** The options of a call. *Errors*: `INVALID_OPTION`, `NOT_SUPPORTED`. */
export function checkedOptions(
  owner: string,
  engine: Pick<Engine, "traits" | "runRules" | "mapMore" | "openDesk">,
  { method, options, input }: LaunchRequest,
): RunOptions {
  if (options === undefined) return noOptions;
  const { traits, runRules: moreRules, mapMore } = engine;
  if (options.names && traits.isolation === "machine") throw noNames(owner);
  // A map and a broadcast have checked theirs, once for all their runs.
  if (method === "map") return mapMore?.each(options, input) ?? options;
  if (method === "broadcast") return options;
  if (options.onOutput && !traits.output) throw noOutput(owner);
  const rules: Rules<RunOptions> = method === "stream" ? streamRules : runRules;
  return validateOptions<RunOptions>(
    `${owner}.${method}`,
    options,
    moreRules ? { ...rules, ...moreRules } : rules,
  );
}

/** What each task of a map gets of the map's options. */
export function taskOptions(options: MapOptions, more: MapMore | undefined): RunOptions {
  const { timeout, priority, retries, names } = options;
  const common = { timeout, priority, retries, names };
  if (!more) return common;
  const own = Object.entries(options).filter(([name]) => Object.hasOwn(more.rules, name));
  return { ...common, ...Object.fromEntries(own) };
}
