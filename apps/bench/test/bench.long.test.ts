import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Report } from "../src/report/report.ts";
import { type BenchEnd, childrenOf, startBench } from "./bench-process.ts";

const works = ["at once, 20,000", "one at a time"];
const subjects = ["quintet", "bare postMessage"];

describe("a quick run of two subjects", () => {
  let end: BenchEnd;
  let report: Report;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "quintet-bench-test-"));
    const file = join(folder, "results.json");
    const chosen = [
      ...works.flatMap((name) => ["--work", name]),
      ...subjects.flatMap((name) => ["--subject", name]),
    ];
    try {
      end = await startBench("threads", "--quick", "--json", file, ...chosen).ended;
      report = JSON.parse(readFileSync(file, "utf8")) as Report;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);

  it("ends by itself and without complaint", () => {
    expect(end).toMatchObject({ code: 0, errors: "" });
  });

  it("measures each subject in each row", () => {
    const rows = ["at once, 20,000", "one at a time, p50", "one at a time, p99"];
    const found = report.results.map(({ work, subject }) => `${work}: ${subject}`);
    const expected = rows.flatMap((row) => subjects.map((subject) => `${row}: ${subject}`));
    expect(found).toEqual(expected);
    expect(report.missing).toEqual([]);
    for (const result of report.results) {
      expect(result).toMatchObject({ group: "threads", rounds: 3 });
      expect(result.median).toBeGreaterThan(0);
      expect(result.cpuPerTask).toBeGreaterThan(0);
      expect(Object.keys(result.ratios)).toEqual(
        result.subject === "quintet" ? ["bare postMessage"] : [],
      );
    }
  });

  it("says what it ran on", () => {
    expect(report).toMatchObject({ node: process.version, quick: true });
    expect(report.machine.cores).toBeGreaterThan(0);
    expect(Object.keys(report.versions)).toEqual(subjects);
    expect(Date.parse(report.date)).not.toBeNaN();
  });

  it("checks the targets that it has figures for, and prints them", () => {
    const [target, ...others] = report.targets;
    expect(others).toEqual([]);
    expect(target).toMatchObject({ target: "quintet ≤ 1.2× bare postMessage" });
    expect(end.output).toContain("target quintet ≤ 1.2× bare postMessage: ");
  });
});

it("stopped by a signal ends the processes it has started", async () => {
  const bench = startBench("--quick", "--work", "memory of an idle worker", "--subject", "quintet");
  onTestFinished(() => bench.signal("SIGKILL"));
  await vi.waitFor(() => expect(childrenOf(bench.pid)).not.toEqual([]), 20_000);
  bench.signal("SIGTERM");
  // They share its output, so this end is theirs as well.
  const { code, errors } = await bench.ended;
  expect({ code, errors }).toEqual({ code: 143, errors: "\nStopped by SIGTERM.\n" });
}, 30_000);

it("refuses a name that nobody has", async () => {
  const { code, output, errors } = await startBench("--work", "flying").ended;
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(errors).toContain('There is no work "flying". There are:\n  at once, 20,000\n');
});
