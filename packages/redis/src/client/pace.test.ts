import type { TaskRun } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";
import type { SentRun } from "./sent-run.ts";

/** As much of sent runs as the pace looks at. */
const sent = (count: number, task: string = "a", more: object = {}, size: number = 8): SentRun[] =>
  Array.from({ length: count }, () => ({
    run: { priority: 0, ownId: undefined, options: {} } as TaskRun,
    terms: { v: 1, task, to: "c", ...more },
    size,
    delay: 0,
    jobId: undefined,
  })) as unknown as SentRun[];

function measured(milliseconds: number, capacity: number = 4): Pace {
  const pace = new Pace(
    () => capacity,
    () => 0,
  );
  for (let time = 0; time < 3; time++) pace.measure("a", milliseconds);
  return pace;
}

const sizes = (pace: Pace, runs: SentRun[], isProbed: boolean = false): number[] =>
  pace.chunks(runs, isProbed).groups.map(({ length }) => length);

describe("a pace", () => {
  it("sends one task alone, however small", () => {
    expect(sizes(measured(0.01), sent(1))).toEqual([1]);
  });

  it("puts small tasks together, and gives each slot some", () => {
    expect(sizes(measured(0.01), sent(8))).toEqual([2, 2, 2, 2]);
    expect(Math.max(...sizes(measured(0.01), sent(10_000)))).toBe(200);
  });

  it("never puts more than 40 ms of work in a job", () => {
    for (const mean of [0.1, 1, 5, 19, 39, 41, 1_000]) {
      const largest = Math.max(...sizes(measured(mean), sent(2_000)));
      expect(largest === 1 || largest * mean <= 40).toBe(true);
    }
  });

  it("never puts more than 256 kB in a job, but for an input that is larger itself", () => {
    expect(sizes(measured(0.01, 1), sent(20, "a", {}, 100_000))).toEqual(Array(10).fill(2));
    expect(sizes(measured(0.01, 1), sent(3, "a", {}, 1_000_000))).toEqual([1, 1, 1]);
  });

  it("lets a map keep more under way the shorter its task is, and fewer where inputs are large", () => {
    expect(measured(20, 10).mapConcurrency).toBe(320);
    expect(measured(0, 10).mapConcurrency).toBe(4_000);
    const pace = measured(0, 10);
    sizes(pace, sent(100, "a", {}, 2 ** 20));
    expect(pace.mapConcurrency).toBe(64);
    const large = measured(0, 10);
    for (let time = 0; time < 100; time++) large.received(2 ** 20);
    expect(large.mapConcurrency).toBe(64);
  });

  it("lets a map begin with 32 for each slot", () => {
    const pace = new Pace(
      () => 10,
      () => 0,
    );
    expect(pace.mapConcurrency).toBe(320);
  });

  it("tries a task that nobody has measured by itself, and lets nothing pass", () => {
    const pace = new Pace(
      () => 2,
      () => 0,
    );
    const { groups, held } = pace.chunks([...sent(5), ...sent(1, "b")], false);
    expect(groups.map(({ length }) => length)).toEqual([1, 1]);
    expect(held.map(({ terms }) => terms.task)).toEqual(["a", "a", "a", "b"]);
    // It has taken longer than the wait: so it is large.
    expect(sizes(pace, sent(5), true)).toEqual([1, 1, 1, 1, 1]);
  });

  it("keeps apart what differs, and what has to be alone", () => {
    const pace = measured(0.01, 1);
    const mixed = [...sent(2), ...sent(2, "a", { timeout: 5 }), ...sent(2, "a", { retries: 0 })];
    expect(sizes(pace, mixed)).toEqual([2, 2, 1, 1]);
  });

  it("is surprised by a cold start no longer than for three tasks", () => {
    const pace = new Pace(
      () => 1,
      () => 0,
    );
    expect([50, 0.1, 0.1].map((time) => pace.measure("a", time))).toEqual([false, false, true]);
    expect(sizes(pace, sent(100))[0]).toBeGreaterThan(20);
  });

  it("puts those together that are tried again alike", () => {
    const retry = { attempts: 3, delay: 10, factor: 2, most: 1_000 };
    const alike = [...sent(4, "a", { retry }), ...sent(4, "a", { retry: { ...retry } })];
    expect(sizes(measured(0.01), alike)).toEqual([2, 2, 2, 2]);
    const other = sent(4, "a", { retry: { ...retry, attempts: 4 } });
    const mixed = [...alike, ...sent(4), ...other];
    expect(sizes(measured(0.01), mixed)).toEqual([2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1]);
  });
});
