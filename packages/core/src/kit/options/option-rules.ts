import { deskOf } from "../names/name-desk.ts";
import type { CloseOptions, MapOptions, RunOptions, StreamOptions } from "../../run-options.ts";
import {
  anyNumber,
  duration,
  matching,
  type Rule,
  type Rules,
  typed,
  wholeNumber,
} from "./validate.ts";

const signal: Rule = /* @__PURE__ */ matching(
  "an AbortSignal",
  (value) =>
    typeof value === "object" &&
    value !== null &&
    "aborted" in value &&
    "addEventListener" in value,
);

const deadline: Rule = /* @__PURE__ */ matching(
  "a valid Date or milliseconds since 1970",
  (value) =>
    value === Infinity ||
    ((value instanceof Date || typeof value === "number") &&
      !Number.isNaN(new Date(value).getTime())),
);

/** What `run` and `submit` take. */
export const runRules: Rules<RunOptions> = /* @__PURE__ */ (() => ({
  id: typed("string"),
  signal,
  timeout: duration(),
  deadline,
  priority: anyNumber,
  key: matching(
    "a string or a number",
    (value) => typeof value === "string" || (typeof value === "number" && !Number.isNaN(value)),
  ),
  transfer: matching("an array", Array.isArray),
  retries: wholeNumber(0, true),
  attempt: wholeNumber(1),
  names: matching("an executor made with TaskExecutor", (value) => deskOf(value) !== undefined),
  onProgress: typed("function"),
  onOutput: typed("function"),
}))();

/** What `stream` takes. */
export const streamRules: Rules<StreamOptions> = /* @__PURE__ */ (() => ({
  ...runRules,
  window: wholeNumber(1),
}))();

/** What `map` takes. */
export const mapRules: Rules<MapOptions> = /* @__PURE__ */ (() => ({
  signal,
  timeout: runRules.timeout,
  deadline,
  priority: runRules.priority,
  retries: runRules.retries,
  names: runRules.names,
  concurrency: wholeNumber(1, true),
  ordered: typed("boolean"),
  chunk: matching(
    'a whole number from 1 up or "auto"',
    (value) => value === "auto" || wholeNumber(1)(value, "") === undefined,
  ),
  window: wholeNumber(1, true),
  settle: typed("boolean"),
  onProgress: typed("function"),
}))();

/** What `close` takes. */
export const closeRules: Rules<CloseOptions> = /* @__PURE__ */ (() => ({
  cancel: typed("boolean"),
  deadline: duration(true),
}))();
