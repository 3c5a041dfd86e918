import { InvalidOptionError } from "@quintet/core";
import { isThenable, runRules, validateOptions } from "@quintet/core/kit";
import { execute } from "./execute.ts";

/** Options of `fromCallback`. */
export interface FromCallbackOptions {
  /** Ends the waiting, and the work where that can be ended. */
  readonly signal?: AbortSignal | undefined;
}

/** What is called in the end: with an error, or with nothing in its place and the result. */
export type Callback<Result> = (error?: unknown, result?: Result) => void;

/**
 * Makes a promise of a function that takes a callback as Node's have it, `(error, result) => …`; only the first call of
 * it counts. The function may give another, which ends the work when the signal aborts.
 *
 * *Cancellation*: rejects with `signal.reason`, when the function that ends the work has ended itself; with its own
 * error where it fails.
 * *Errors*: what the callback is called with, what the function throws or rejects with, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs";
 * import { fromCallback } from "@quintet/async";
 *
 * const text = await fromCallback<string>((callback) => readFile("/dev/null", "utf8", callback));
 * console.log(text.length); // => 0
 * ```
 */
export async function fromCallback<Result = void>(
  call: (callback: Callback<Result>) => unknown,
  options?: FromCallbackOptions,
): Promise<Result> {
  if (typeof call !== "function") {
    throw new InvalidOptionError(`fromCallback() takes a function, got ${typeof call}.`);
  }
  const { signal } = validateOptions<FromCallbackOptions>("fromCallback()", options, rules);
  return execute<Result>(signal, (resolve, reject) => {
    const end = call((error, result) => {
      if (error) reject(error);
      else resolve(result as Result);
    });
    if (isThenable(end)) end.then(undefined, reject); // an async function has failed before it called back
    return typeof end === "function" ? (end as () => unknown) : undefined;
  });
}

const rules = /* @__PURE__ */ (() => ({ signal: runRules.signal }))();
