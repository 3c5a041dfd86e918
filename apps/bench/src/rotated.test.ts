import { expect, it } from "vitest";
import { rotated } from "./rotated.ts";

it("begins with another one in each round, and keeps the order", () => {
  const orders = [0, 1, 2, 3].map((round) => rotated(["a", "b", "c"], round).join(""));
  expect(orders).toEqual(["abc", "bca", "cab", "abc"]);
});

it("puts everybody in every place equally often", () => {
  const rounds = [0, 1, 2, 3].map((round) => rotated([1, 2, 3, 4], round));
  for (const place of [0, 1, 2, 3]) {
    expect(new Set(rounds.map((order) => order[place])).size).toBe(4);
  }
});

it("of nobody is nobody", () => {
  expect(rotated([], 3)).toEqual([]);
});
