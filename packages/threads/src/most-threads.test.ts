import { availableParallelism } from "node:os";
import { expect, it } from "vitest";
import { mostThreads, readings } from "./most-threads.ts";

const megabyte = 2 ** 20;

it.each([
  [8, 100_000, 8, "one for each processor"],
  [8, 512, 8, "no fewer while each can have 64 MB"],
  [8, 511, 7, "fewer where memory is short"],
  [64, 2_048, 32, "fewer where a container has many processors and little memory"],
  [4, 10, 1, "one where there is hardly any"],
  [4, 0, 1, "one where none can be had"],
])("of %d processors and %d MB come %d threads: %s", (parallelism, memory, most) => {
  expect(mostThreads({ parallelism, memory: memory * megabyte })).toBe(most);
});

it("reads what Node says", () => {
  const { parallelism, memory } = readings();
  expect(parallelism).toBe(availableParallelism());
  expect(memory).toBeGreaterThan(megabyte);
});
