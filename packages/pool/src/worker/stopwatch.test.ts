import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Stopwatch } from "./stopwatch.ts";

let now = 0;
let looks = 0;

beforeEach(() => {
  now = looks = 0;
  vi.spyOn(performance, "now").mockImplementation(() => {
    looks++;
    return now;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs of so many milliseconds that follow each other; gives what each was measured to be. */
function lapsOf(watch: Stopwatch, lengths: readonly number[]): number[] {
  return lengths.map((length) => {
    now += length;
    return watch.lapOfMany();
  });
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

describe("a stopwatch", () => {
  it("measures from when something last happened", () => {
    const watch = new Stopwatch();
    now = 5;
    watch.touch();
    now = 7;
    expect(watch.lap()).toBe(2);
    now = 7.5;
    expect(watch.lap()).toBe(0.5);
    expect(watch.last).toBe(0.5);
  });

  it("measures each of many that are not short", () => {
    const watch = new Stopwatch();
    watch.touch();
    expect(lapsOf(watch, [1, 2, 0.5, 0.25])).toEqual([1, 2, 0.5, 0.25]);
  });

  it("looks at the clock seldom while they are short, and counts all the time there was", () => {
    const watch = new Stopwatch();
    watch.touch();
    const lengths = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 0.0005 : 0.001));
    expect(sum(lapsOf(watch, lengths))).toBeCloseTo(sum(lengths), 2);
    expect(looks).toBeLessThan(120);
  });

  it("shows a long one among short ones in full", () => {
    const watch = new Stopwatch();
    watch.touch();
    const lengths = Array.from({ length: 40 }, (_, index) => (index === 20 ? 80 : 0.001));
    const laps = lapsOf(watch, lengths);
    expect(Math.max(...laps)).toBeCloseTo(80, 1);
    expect(laps.filter((lap) => lap > 1)).toHaveLength(1);
  });

  it("does not count again, for one that is measured alone, those before that were not yet", () => {
    const watch = new Stopwatch();
    watch.touch();
    const before = lapsOf(watch, [0.001, 0.001, 0.001, 0.001]);
    now += 3;
    expect(sum([...before, watch.lap()])).toBeCloseTo(3.004, 6);
  });

  it("begins anew after a pause", () => {
    const watch = new Stopwatch();
    watch.touch();
    lapsOf(watch, [0.001, 0.001]);
    now += 1_000;
    watch.touch();
    expect(sum(lapsOf(watch, [0.25]))).toBe(0.25);
  });
});
