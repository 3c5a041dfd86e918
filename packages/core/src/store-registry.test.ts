import { AsyncLocalStorage } from "node:async_hooks";
import { expect, it } from "vitest";
import { InvalidOptionError } from "./errors.ts";
import { registeredStore, registerStore } from "./store-registry.ts";

it("knows the stores that are registered, the last of a name, and gives them back", () => {
  const first = new AsyncLocalStorage<string>();
  const second = new AsyncLocalStorage<number>();
  expect(registerStore("test", first)).toBe(first);
  expect(registeredStore("test")).toBe(first);
  registerStore("test", second);
  expect(registeredStore("test")).toBe(second);
});

it("takes names for data", () => {
  for (const name of ["__proto__", "constructor", "toString", ""])
    expect(registeredStore(name)).toBeUndefined();
});

it.each([undefined, null, 5, {}, { getStore: () => 1 }])(
  "refuses %o, which is no store",
  (store) => {
    expect(() => registerStore("test", store as never)).toThrow(InvalidOptionError);
  },
);

it("refuses a name that is no string", () => {
  expect(() => registerStore(5 as never, new AsyncLocalStorage())).toThrow(InvalidOptionError);
});
