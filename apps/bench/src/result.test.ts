import { describe, expect, it } from "vitest";
import type { Group } from "./group.ts";
import { resultsOf } from "./result.ts";
import type { SubjectRun } from "./run-work.ts";
import type { Subject } from "./subject.ts";
import { microseconds } from "./unit.ts";
import type { Work } from "./work.ts";

const kinds: Record<string, Subject["kind"]> = {
  us: "ours",
  "us, too": "ours",
  peer: "peer",
  least: "floor",
};
const subjects = Object.entries(kinds).map(([name, kind]) => ({ name, kind, version: "1" }));
const group: Group = { name: "g", subjects, works: () => [], targets: [] };
const work: Work = {
  name: "w",
  title: "t",
  rows: [{ name: "w", unit: microseconds }],
  entries: [],
};

const run = (subject: string, ...values: readonly number[]): SubjectRun => ({
  subject,
  rounds: values.map((value) => ({ w: { value, cpuPerTask: 2 * value } })),
});

const results = (runs: readonly SubjectRun[]) => resultsOf(group, work, runs)[0];

describe("a result", () => {
  it("has the median, what is around it, and the processor time", () => {
    expect(results([run("peer", 30, 10, 20)])?.results).toEqual([
      {
        group: "g",
        work: "w",
        subject: "peer",
        median: 20,
        unit: "µs",
        better: "less",
        spread: 50,
        min: 10,
        max: 30,
        rounds: 3,
        cpuPerTask: 40,
        ratios: {},
      },
    ]);
  });

  it("of ours has a ratio to each of the others, and to none of ours", () => {
    const all = results([run("us", 10), run("us, too", 5), run("peer", 20), run("least", 1)]);
    expect(all?.results.map(({ ratios }) => ratios)).toEqual([
      { peer: 2, least: 0.1 },
      { peer: 4, least: 0.2 },
      {},
      {},
    ]);
  });

  it("says what was different", () => {
    const different = { subject: "peer", rounds: [{ w: { value: 1, note: "10 tasks" } }] };
    expect(results([different])?.results[0]?.note).toBe("10 tasks");
  });
});

describe("who has no reading", () => {
  it("is named with the reason", () => {
    const absent = { subject: "peer", rounds: [], missing: "not available: no python3" };
    const skipped = { subject: "least", rounds: [{ w: "left out: too slow" }] };
    expect(results([absent, skipped])).toMatchObject({
      results: [],
      missing: [
        { work: "w", subject: "peer", reason: "not available: no python3" },
        { work: "w", subject: "least", reason: "left out: too slow" },
      ],
    });
  });
});
