import { expect, it } from "vitest";
import { deserialize, serialize, travels } from "./values.ts";

const copy = (value: unknown): unknown => deserialize(serialize(value));

it("copies views with their own memory, and with where they stand in it", () => {
  const bytes = new Uint8Array([0, 1, 2, 3, 4, 5]);
  const [first, second] = copy([bytes.subarray(2, 4), bytes]) as Uint8Array[];
  expect([...(first ?? [])]).toEqual([2, 3]);
  expect(first?.byteOffset).toBe(2);
  expect(first?.buffer).toBe(second?.buffer);
  expect(first?.buffer.byteLength).toBe(6);
});

it.each([
  ["a function", () => {}],
  ["a symbol inside", { a: [Symbol("x")] }],
  ["shared memory", new SharedArrayBuffer(8)],
  ["a view of shared memory", new Uint8Array(new SharedArrayBuffer(8))],
  ["what belongs to this process", new MessageChannel().port1],
  ["a promise", Promise.resolve()],
])("does not take %s", (_, value) => {
  expect(travels(value)).toBe(false);
  expect(() => serialize(value)).toThrow("could not be cloned");
});

it("takes what structured clone knows", () => {
  const value = { map: new Map([[1, new Set(["a"])]]), date: new Date(5), big: 2n ** 70n };
  expect(travels(value)).toBe(true);
  expect(copy(value)).toEqual(value);
});
