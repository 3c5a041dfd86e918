import { InvalidOptionError } from "@quintet/core";
import { typed, validateOptions, wholeNumber } from "@quintet/core/kit";

/** What a stage's function gets beside the value. */
export interface StageContext {
  /** Aborts when another value has failed, or nobody wants the results any more. */
  readonly signal: AbortSignal;
}

/** Makes one value of another. */
export type StageFunction<In, Out> = (value: In, context: StageContext) => Out | PromiseLike<Out>;

/** Options of `stage`. */
export interface StageOptions {
  /** How many values are worked on at once. Default: 1. */
  readonly concurrency?: number | undefined;
  /** Results keep the order of the values. Default: true. */
  readonly ordered?: boolean | undefined;
  /** How many results may wait for the next stage. Default: 0. */
  readonly capacity?: number | undefined;
}

/** One step of a pipeline; made by `stage()`. */
export interface Stage<In, Out> {
  // Not named `call`: a function has that too, and would be taken for a stage when types are inferred.
  readonly work: StageFunction<In, Out>;
  readonly concurrency: number;
  readonly ordered: boolean;
  readonly capacity: number;
}

const rules = {
  concurrency: wholeNumber(1),
  ordered: typed("boolean"),
  capacity: wholeNumber(0),
};

/**
 * Makes a step of a `pipeline` that has a concurrency, an order or a buffer of its own.
 *
 * Ordered results wait for those before them, and keep their share of `concurrency` while they do.
 *
 * *Errors*: `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { pipeline, stage } from "@quintet/coroutines";
 *
 * const double = stage(async (n: number) => n * 2, { concurrency: 4 });
 * for await (const n of pipeline([1, 2, 3], double)) console.log(n);
 * // => 2
 * // => 4
 * // => 6
 * ```
 */
export function stage<In, Out>(
  work: StageFunction<In, Out>,
  options?: StageOptions,
): Stage<In, Out> {
  if (typeof work !== "function") {
    throw new InvalidOptionError(`stage: takes a function, got ${typeof work}.`);
  }
  const checked = validateOptions<StageOptions>("stage", options, rules);
  const { concurrency = 1, ordered = true, capacity = 0 } = checked;
  return { work, concurrency, ordered, capacity };
}
