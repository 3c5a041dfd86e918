import { expect, it } from "vitest";
import { registeredError, registerError } from "./error-registry.ts";
import { ClosedError, InvalidOptionError } from "./errors.ts";

it("knows Quintet's own classes, and those that are registered, the last of a name", () => {
  expect(registeredError("ClosedError")).toBe(ClosedError);
  const first = { MyError: class MyError extends Error {} }.MyError;
  const second = { MyError: class MyError extends RangeError {} }.MyError;
  registerError(first);
  expect(registeredError("MyError")).toBe(first);
  registerError(second);
  expect(registeredError("MyError")).toBe(second);
});

it("takes names for data", () => {
  for (const name of ["__proto__", "constructor", "toString", ""]) {
    expect(registeredError(name)).toBeUndefined();
  }
});

it.each([undefined, null, 5, "Error", {}, () => 1, Map, Error.prototype])(
  "refuses %o, which extends no Error",
  (value) => {
    expect(() => registerError(value as never)).toThrow(InvalidOptionError);
  },
);

it("takes Error itself for no class of one's own", () => {
  expect(() => registerError(Error)).toThrow(InvalidOptionError);
});
