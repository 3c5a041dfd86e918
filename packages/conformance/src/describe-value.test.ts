import { expect, it } from "vitest";
import { describeValue } from "./describe-value.ts";

const different: [string, unknown, unknown][] = [
  ["zero and minus zero", 0, -0],
  ["a number and its text", 1, "1"],
  ["a number and a big integer", 1, 1n],
  ["null and undefined", null, undefined],
  ["a hole and undefined", Array(1), [undefined]],
  ["an absent and an undefined property", {}, { a: undefined }],
  ["an object and an array", {}, []],
  ["a map and an object", new Map([["a", 1]]), { a: 1 }],
  ["a date and its number", new Date(5), 5],
  ["bytes and words", Uint8Array.of(1, 0), new Uint16Array(Uint8Array.of(1, 0).buffer)],
  ["views at another place", new Uint8Array(2), new Uint8Array(new ArrayBuffer(3), 1)],
  ["expressions with other flags", /a/g, /a/i],
  ["errors with other codes", new Error("a"), Object.assign(new Error("a"), { code: "E" })],
  ["errors with other causes", new Error("a", { cause: 1 }), new Error("a", { cause: 2 })],
  ["one object twice and two objects", twice({}), [{}, {}]],
  ["symbols", Symbol("a"), Symbol("b")],
];

function twice(value: object): object[] {
  return [value, value];
}

it.each(different)("tells %s apart", (_, one, other) => {
  expect(describeValue(one)).not.toBe(describeValue(other));
});

it("writes out cycles", () => {
  const cycle: { self?: object } = {};
  cycle.self = cycle;
  expect(describeValue(cycle)).toBe('Object("self": #0)');
});

it("says the same of what structured clone has copied", () => {
  const whole = different.flat().filter((value) => typeof value !== "symbol");
  const kept = whole.filter((value) => !(value instanceof Error && "code" in value));
  expect(kept.map((value) => describeValue(structuredClone(value)))).toEqual(
    kept.map((value) => describeValue(value)),
  );
});
