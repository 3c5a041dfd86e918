import { expect, it } from "vitest";
import { Patience } from "./patience.ts";

const twoThreads = (): [Patience, Patience] => {
  const cells = new Int32Array(new SharedArrayBuffer(8));
  return [new Patience(cells), new Patience(cells)];
};

it("lasts from when runs bring it until the other thread ends it, which hears what was written", () => {
  const [tasks, other] = twoThreads();
  expect(tasks.lasts).toBe(false);
  tasks.begin(1);
  expect(tasks.lasts).toBe(true);
  tasks.written(7);
  expect(other.end(1)).toBe(7);
  expect(tasks.lasts).toBe(false);
  tasks.begin(2);
  expect(tasks.lasts).toBe(true);
});

it("is over when runs say so", () => {
  const [tasks] = twoThreads();
  tasks.begin(1);
  tasks.begin(0);
  expect(tasks.lasts).toBe(false);
});

it.each([1, 2, 3])(
  "that is over when its runs come does not begin, though %d ended since",
  (ended) => {
    const [tasks, other] = twoThreads();
    for (let number = 1; number <= ended; number++) other.end(number);
    tasks.begin(1);
    expect(tasks.lasts).toBe(false);
  },
);

it("is told from others when their numbers have wrapped around", () => {
  const [tasks, other] = twoThreads();
  other.end(2 ** 31 - 1);
  tasks.begin(-(2 ** 31));
  expect(tasks.lasts).toBe(true);
});
