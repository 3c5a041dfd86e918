import { expect, it } from "vitest";
import { printed } from "./printed.ts";

it.each([
  [new Error("why"), "why"],
  ["text", "text"],
  [undefined, "undefined"],
  [Symbol("s"), "Symbol(s)"],
  [Object.create(null), "object"],
  [
    {
      toString: () => {
        throw new Error("no");
      },
    },
    "object",
  ],
])("says what can be said of %o", (value, text) => {
  expect(printed(value)).toBe(text);
});

it("cuts what is long", () => {
  expect(printed("x".repeat(1000))).toBe(`${"x".repeat(200)}…`);
});
