import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../errors.ts";
import {
  anyNumber,
  duration,
  matching,
  type Rule,
  type Rules,
  typed,
  validateOptions,
  wholeNumber,
} from "./validate.ts";

const taken = (rule: Rule, values: readonly unknown[]): unknown[] =>
  values.filter((value) => rule(value, "size") === undefined);

const numbers = [-Infinity, -1, -0, 0, 0.5, 1, 3, 2 ** 53, 1e300, Infinity, Number.NaN];
const others = [null, "1", 1n, true, {}, [], () => 1, Symbol("s"), new Date()];
const values = [...numbers, ...others];

describe("a rule", () => {
  it("takes whole numbers from a least one up, and Infinity where allowed", () => {
    expect(taken(wholeNumber(1), values)).toEqual([1, 3]);
    expect(taken(wholeNumber(0), values)).toEqual([-0, 0, 1, 3]);
    expect(taken(wholeNumber(1, true), values)).toEqual([1, 3, Infinity]);
  });

  it("takes durations", () => {
    expect(taken(duration(), values)).toEqual([0.5, 1, 3, 2 ** 53, 1e300, Infinity]);
    expect(taken(duration(true), values)).toEqual([-0, 0, 0.5, 1, 3, 2 ** 53, 1e300, Infinity]);
  });

  it("takes any number but NaN", () => {
    expect(taken(anyNumber, values)).toEqual(numbers.slice(0, -1));
  });

  it("takes one type, of which null is none", () => {
    expect(taken(typed("string"), values)).toEqual(["1"]);
    expect(taken(typed("boolean"), values)).toEqual([true]);
    expect(taken(typed("function"), values)).toHaveLength(1);
    expect(taken(typed("object"), values)).toHaveLength(3);
  });

  it.each<[Rule, unknown, string]>([
    [wholeNumber(1), 0, "size must be a whole number from 1 up, got 0"],
    [wholeNumber(0, true), -1n, "size must be a whole number from 0 up or Infinity, got -1"],
    [duration(), 0, "size must be a positive number of milliseconds, got 0"],
    [duration(true), "5", 'size must be zero or more milliseconds, got "5"'],
    [anyNumber, Number.NaN, "size must be a number, got NaN"],
    [typed("object"), null, "size must be an object, got null"],
    [typed("function"), {}, "size must be a function, got object"],
    [matching("even", () => false), Symbol("s"), "size must be even, got symbol"],
  ])("says what is wrong, %#", (rule, value, message) => {
    expect(rule(value, "size")).toBe(message);
  });
});

describe("options", () => {
  interface Options {
    readonly size?: number | undefined;
    readonly name?: string | undefined;
  }
  const rules: Rules<Options> = { size: wholeNumber(1), name: typed("string") };
  const validate = (options: unknown): Options =>
    validateOptions("pool()", options as Options, rules);

  it("that are absent, or undefined, are none", () => {
    expect(validate(undefined)).toEqual({});
    expect(Object.keys(validate({ size: undefined }))).toEqual([]);
  });

  it("are copied, so that later changes have no effect", () => {
    const options = { size: 1 };
    const checked = validate(options);
    options.size = -1;
    expect(checked).toEqual({ size: 1 });
  });

  it("are own ones: what a prototype has does not count", () => {
    expect(validate(Object.create({ size: -1, other: 1 }))).toEqual({});
    expect(validate(Object.assign(Object.create(null) as object, { size: 2 }))).toEqual({
      size: 2,
    });
  });

  it.each([
    [null, "pool(): options must be an object, got null."],
    [5, "pool(): options must be an object, got 5."],
    ["size", 'pool(): options must be an object, got "size".'],
    [() => 1, "pool(): options must be an object, got function."],
    [{ size: 0 }, "pool(): size must be a whole number from 1 up, got 0."],
    [{ sise: 1 }, 'pool(): there is no option "sise"; there are size, name.'],
    [{ ["__proto__"]: 1 }, 'pool(): there is no option "__proto__"; there are size, name.'],
    [{ toString: 1 }, 'pool(): there is no option "toString"; there are size, name.'],
  ])("are refused by name: %o", (options, message) => {
    expect(() => validate(options)).toThrow(new InvalidOptionError(message));
  });
});
