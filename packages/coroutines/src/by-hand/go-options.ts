import { InvalidOptionError } from "@quintet/core";
import {
  anyNumber,
  type Clock,
  isSyncGenerator,
  matching,
  typed,
  validateOptions,
} from "@quintet/core/kit";
import type { SyncGenerator } from "../scheduling/resume-generator.ts";

/** What a coroutine is made of: a generator function, or a function that gives a generator. */
export type CoroutineBody<T> = () => Generator<unknown, T, never>;

/** Options of `go` and `spawn`. */
export interface GoOptions {
  /** For `inspect()`. Default: the function's name. */
  readonly name?: string | undefined;
  /** Higher first, in turns within one. Default: 0. */
  readonly priority?: number | undefined;
  /** Ends the coroutine. */
  readonly signal?: AbortSignal | undefined;
  /** Where time comes from, for tests. Default: that of the coroutine that starts it, or the system's. */
  readonly clock?: Clock | undefined;
}

const isSignal = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value;

/** Checks the options of `owner`, a call with its parentheses. */
export const checkGoOptions = (owner: string, options: GoOptions | undefined): GoOptions =>
  validateOptions<GoOptions>(owner, options, {
    name: typed("string"),
    priority: anyNumber,
    signal: matching("an AbortSignal", isSignal),
    clock: typed("object"),
  });

/** Makes the generator. *Errors*: `INVALID_OPTION` where it is none, or an async one; what the function throws. */
export function generatorOf(owner: string, body: unknown): SyncGenerator {
  if (typeof body !== "function") {
    throw new InvalidOptionError(`${owner}: needs a generator function, got ${typeof body}.`);
  }
  const generator: unknown = body();
  if (isSyncGenerator(generator)) return generator;
  const name = body.name === "" ? "the function" : body.name;
  throw new InvalidOptionError(
    `${owner}: ${name} gives no generator; write it as \`function* () { … }\`.`,
  );
}
