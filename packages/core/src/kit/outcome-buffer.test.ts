import { expect, it } from "vitest";
import { OutcomeBuffer } from "./outcome-buffer.ts";

const error = new Error("failed");

it("gives ordered outcomes by index, without gaps", () => {
  const buffer = new OutcomeBuffer(true);
  buffer.put(1, "b");
  expect(buffer.take()).toBeUndefined();
  buffer.put(0, undefined);
  expect(buffer.take()).toEqual({ value: undefined });
  expect(buffer.take()).toEqual({ value: "b" });
  expect(buffer.take()).toBeUndefined();
});

it("gives unordered outcomes as they came", () => {
  const buffer = new OutcomeBuffer(false);
  buffer.put(5, "f");
  buffer.put(0, "a");
  expect([buffer.take(), buffer.take(), buffer.take()]).toEqual([
    { value: "f" },
    { value: "a" },
    undefined,
  ]);
});

it("shows an ordered cut when all before it was taken, and nothing after it counts", () => {
  const buffer = new OutcomeBuffer(true);
  buffer.put(3, "beyond");
  buffer.cutAt(2, error);
  buffer.cutAt(1, "earlier");
  buffer.cutAt(2, "not earlier");
  expect([0, 1, 2, 3].map((index) => buffer.isCut(index))).toEqual([false, false, true, true]);
  expect(buffer.failure(true)).toBeUndefined();
  buffer.put(0, "a");
  buffer.take();
  expect(buffer.failure(false)).toMatchObject({ error: "earlier" });
});

it("shows an unordered cut at once, after what is there", () => {
  const buffer = new OutcomeBuffer(false);
  buffer.put(4, "there");
  buffer.cutAt(2, error);
  buffer.cutAt(0, "later");
  expect(buffer.isCut(0)).toBe(true);
  expect(buffer.take()).toEqual({ value: "there" });
  expect(buffer.failure(false)).toMatchObject({ error });
});

it("shows the failure of the input when nothing is under way or to be taken any more", () => {
  const buffer = new OutcomeBuffer(true);
  buffer.failAt(1, error);
  expect(buffer.failure(false)).toBeUndefined();
  buffer.put(0, "a");
  expect(buffer.failure(true)).toBeUndefined();
  buffer.take();
  expect(buffer.failure(true)).toMatchObject({ error });
});
