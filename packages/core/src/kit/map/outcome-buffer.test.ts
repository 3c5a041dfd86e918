import { expect, it } from "vitest";
import { OutcomeBuffer } from "./outcome-buffer.ts";

const error = new Error("failed");

it("gives ordered outcomes by index, without gaps", () => {
  const buffer = new OutcomeBuffer(true);
  buffer.put(1, "b");
  expect(buffer.hasNext).toBe(false);
  buffer.put(0, undefined);
  expect(buffer.hasNext).toBe(true);
  expect(buffer.take()).toBeUndefined();
  expect(buffer.take()).toBe("b");
  expect(buffer.hasNext).toBe(false);
});

it("gives unordered outcomes as they came", () => {
  const buffer = new OutcomeBuffer(false);
  buffer.put(5, "f");
  buffer.put(0, "a");
  expect([buffer.take(), buffer.take()]).toEqual(["f", "a"]);
  expect(buffer.hasNext).toBe(false);
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
  expect(buffer.take()).toBe("there");
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

it("keeps order over thousands of outcomes that come in any order within a window", () => {
  const buffer = new OutcomeBuffer(true);
  const read: unknown[] = [];
  for (let first = 0; first < 5_000; first += 100) {
    for (let index = first + 99; index >= first; index--) buffer.put(index, index);
    while (buffer.hasNext && read.length < first + 50) read.push(buffer.take());
  }
  while (buffer.hasNext) read.push(buffer.take());
  expect(read).toEqual(Array.from({ length: 5_000 }, (_, index) => index));
});

it("takes several at once, and joins what came early as soon as nothing is missing before it", () => {
  const buffer = new OutcomeBuffer(true);
  buffer.putAll(3, ["d", "e"]);
  buffer.put(2, "c");
  expect(buffer.hasNext).toBe(false);
  expect(buffer.failure(true)).toBeUndefined();
  buffer.putAll(0, ["a", "b"]);
  expect(buffer.take()).toBe("a");
  expect(buffer.takeAll()).toEqual(["b", "c", "d", "e"]);
  expect(buffer.hasNext).toBe(false);
  buffer.put(5, "f");
  expect(buffer.takeAll()).toEqual(["f"]);
});

it("lets several pass that are next, and shows what they had held up", () => {
  const buffer = new OutcomeBuffer(true);
  buffer.put(4, "e");
  expect(buffer.pass(1, 3)).toBe(false);
  expect(buffer.pass(0, 4)).toBe(true);
  expect(buffer.pass(5)).toBe(false);
  expect(buffer.take()).toBe("e");
  expect(buffer.pass(5)).toBe(true);
});
