import { expect, it } from "vitest";
import * as errors from "./errors.ts";
import { type ErrorCode, isQuintetError, TimeoutError } from "./errors.ts";
import { ownErrors, QuintetError } from "./quintet-error.ts";

type ErrorClass = new (message: string, ...rest: unknown[]) => QuintetError;

const classes = Object.values<unknown>(errors).filter(
  (value): value is ErrorClass =>
    typeof value === "function" && value.prototype instanceof QuintetError,
);

it.each(classes)("%o has a name, a code of its own, a message and a cause", (errorClass) => {
  const cause = { why: 1 };
  const error = [
    "WorkerLostError",
    "NotCloneableError",
    "TasksLeakedError",
    "LaggedError",
    "CircuitOpenError",
    "RateLimitedError",
  ].includes(errorClass.name)
    ? new errorClass("failed", {}, { cause })
    : new errorClass("failed", { cause });
  expect(error).toBeInstanceOf(QuintetError);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: errorClass.name, message: "failed", cause });
  expect(error.code).toMatch(/^[A-Z_]+$/);
  expect(Object.keys(error)).toContain("code");
  expect(Object.keys(error)).not.toContain("name");
  expect(String(error)).toBe(`${errorClass.name}: failed`);
  expect(isQuintetError(error, error.code as ErrorCode)).toBe(true);
});

it("has one code for each class", () => {
  const codes = classes.map((errorClass) => new errorClass("", {}).code);
  expect(new Set(codes).size).toBe(classes.length);
  expect(classes).toHaveLength(19);
  expect(new Set(ownErrors)).toEqual(new Set(classes));
});

it("tells its own errors from others, of any code or of one", () => {
  const error = new TimeoutError("late");
  expect(isQuintetError(error)).toBe(true);
  expect(isQuintetError(error, "TIMEOUT")).toBe(true);
  expect(isQuintetError(error, "CLOSED")).toBe(false);
  for (const other of [new Error("no"), { code: "TIMEOUT" }, null, undefined, "TIMEOUT", 5]) {
    expect(isQuintetError(other)).toBe(false);
  }
});

it("knows the errors of another copy of the package", () => {
  const marker = Symbol.for("quintet.error");
  expect(marker in new TimeoutError("late")).toBe(true);
  expect(isQuintetError({ [marker]: true, code: "TIMEOUT" }, "TIMEOUT")).toBe(true);
});
