import { InvalidOptionError } from "../../errors.ts";

/** Says what is wrong with a value, or nothing; gets the name to use in the message. */
export type Rule = (value: unknown, name: string) => string | undefined;

/** A rule for every option there is. */
export type Rules<T extends object> = { readonly [Key in keyof Required<T>]: Rule };

const shown = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value === "number" || typeof value === "bigint") return `${value}`;
  return typeof value;
};

/** A whole number from `min` up; `Infinity` where allowed. */
export const wholeNumber =
  (min: number, infinite: boolean = false): Rule =>
  (value, name) =>
    (Number.isSafeInteger(value) && (value as number) >= min) || (infinite && value === Infinity)
      ? undefined
      : `${name} must be a whole number from ${min} up${infinite ? " or Infinity" : ""}, got ${shown(value)}`;

/** Milliseconds, more than none; `zero` allows none. */
export const duration =
  (zero: boolean = false): Rule =>
  (value, name) =>
    typeof value === "number" && (zero ? value >= 0 : value > 0)
      ? undefined
      : `${name} must be ${zero ? "zero or more" : "a positive number of"} milliseconds, got ${shown(value)}`;

/** A number, infinities included. */
export const anyNumber: Rule = (value, name) =>
  typeof value === "number" && !Number.isNaN(value)
    ? undefined
    : `${name} must be a number, got ${shown(value)}`;

/** A value of one `typeof`. */
export const typed =
  (type: "function" | "boolean" | "string" | "object"): Rule =>
  (value, name) =>
    typeof value === type && value !== null
      ? undefined
      : `${name} must be ${type === "object" ? "an" : "a"} ${type}, got ${shown(value)}`;

/** A value that meets a condition, described in words. */
export const matching =
  (description: string, test: (value: unknown) => boolean): Rule =>
  (value, name) =>
    test(value) ? undefined : `${name} must be ${description}, got ${shown(value)}`;

/**
 * Checks an options object: known own keys only, each by its rule; `undefined` counts as absent.
 * Gives a copy of the own keys, so that later changes and polluted prototypes have no effect.
 *
 * *Errors*: `INVALID_OPTION`, naming the owner, the option and the value.
 */
export function validateOptions<T extends object>(
  owner: string,
  options: T | undefined,
  rules: Rules<T>,
): T {
  const checked = {} as T;
  if (options === undefined) return checked;
  if (typeof options !== "object" || options === null) {
    throw new InvalidOptionError(`${owner}: options must be an object, got ${shown(options)}.`);
  }
  for (const key of Object.keys(options) as (keyof T & string)[]) {
    const value = options[key];
    if (!Object.hasOwn(rules, key)) {
      throw new InvalidOptionError(
        `${owner}: there is no option ${JSON.stringify(key)}; there are ${Object.keys(rules).join(", ")}.`,
      );
    }
    if (value === undefined) continue;
    const problem = rules[key](value, key);
    if (problem) throw new InvalidOptionError(`${owner}: ${problem}.`);
    checked[key] = value;
  }
  return checked;
}

/** An array of strings. */
export const strings: Rule = /* @__PURE__ */ matching(
  "an array of strings",
  (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
);
