import { describe, expect, it } from "vitest";
import { MapReaders } from "./map-readers.ts";

const numbers = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

describe("who collects all results", () => {
  it("gets them in order, whether they come alone, a few or many together", async () => {
    const readers = new MapReaders();
    const all = readers.collect();
    let next = 0;
    let counted = 0;
    for (const count of [100, 1, 1, 64, 63, 1, 200, 300, 1]) {
      if (count === 1) readers.hand(next);
      else counted += readers.handAll(numbers(next, count));
      next += count;
    }
    readers.end();
    expect(counted).toBe(100 + 64 + 63 + 200 + 300);
    expect(await all).toEqual(numbers(0, next));
  });

  it("gets those of many arrays, which stay as they were", async () => {
    const readers = new MapReaders();
    const all = readers.collect();
    const arrays = Array.from({ length: 2_500 }, (_, index) => numbers(100 * index, 100));
    for (const array of arrays) {
      readers.handAll(array);
      readers.hand("between");
    }
    readers.end();
    expect((await all).filter((value) => value !== "between")).toEqual(numbers(0, 250_000));
    expect(arrays.every(({ length }) => length === 100)).toBe(true);
  });

  it("gets results that are arrays as they are", async () => {
    const readers = new MapReaders();
    const all = readers.collect();
    readers.hand([1]);
    readers.handAll(Array.from({ length: 64 }, () => [2, 3]));
    readers.end();
    expect(await all).toEqual([[1], ...Array.from({ length: 64 }, () => [2, 3])]);
  });

  it("gets none where there are none", async () => {
    const readers = new MapReaders();
    const all = readers.collect();
    readers.end();
    expect(await all).toEqual([]);
  });
});
