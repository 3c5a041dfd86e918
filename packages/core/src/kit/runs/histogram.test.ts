import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Histogram } from "./histogram.ts";

const histogramOf = (durations: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const duration of durations) histogram.record(duration);
  return histogram;
};

/** The lowest duration that this part of all does not exceed. */
function exact(durations: readonly number[], part: number): number {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] as number;
}

const duration = fc.oneof(
  fc.double({ min: 0, max: 10, noNaN: true }),
  fc.double({ min: 0, max: 2 ** 32, noNaN: true }),
  fc.integer({ min: -12, max: 31 }).map((exponent) => 2 ** exponent),
);

describe("a histogram", () => {
  it("knows percentiles to 1.6 %, or a microsecond", () => {
    const many = fc.array(duration, { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(many, (durations) => {
        const { p50, p90, p99 } = histogramOf(durations).summary();
        for (const [part, found] of [
          [0.5, p50],
          [0.9, p90],
          [0.99, p99],
        ] as const) {
          const due = exact(durations, part);
          expect(Math.abs(found - due)).toBeLessThanOrEqual(Math.max(due / 64, 0.001));
        }
      }),
    );
  });

  it("knows the number, the mean and the longest exactly, and its percentiles in their order", () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1 }), (durations) => {
        const { count, mean, p50, p90, p99, max } = histogramOf(durations).summary();
        expect(count).toBe(durations.length);
        expect(mean).toBe(durations.reduce((sum, each) => sum + each, 0) / count);
        expect(max).toBe(Math.max(...durations));
        expect([p50, p90, p99, max]).toEqual([p50, p90, p99, max].toSorted((a, b) => a - b));
      }),
    );
  });

  it("is of zeros when it is empty", () => {
    const zeros = { count: 0, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 };
    expect(new Histogram().summary()).toEqual(zeros);
  });

  it("takes what is no duration for none, and any length", () => {
    const { count, p50, max } = histogramOf([-1, Number.NaN, 0, 0]).summary();
    expect([count, p50, max]).toEqual([4, 0, 0]);
    expect(histogramOf([2 ** 40, Infinity]).summary()).toMatchObject({ count: 2, max: Infinity });
  });

  it("would be seen to know its percentiles worse with half as many buckets", () => {
    const coarse = (value: number): number => {
      const octave = 2 ** Math.floor(Math.log2(value));
      return octave * (1 + (Math.floor((value / octave - 1) * 16) + 0.5) / 16);
    };
    const error = (value: number, found: number): number => Math.abs(found - value) / value;
    expect(error(1, coarse(1))).toBeGreaterThan(1 / 64);
    expect(error(1, histogramOf([1, 5]).summary().p50)).toBeLessThanOrEqual(1 / 64);
  });
});
