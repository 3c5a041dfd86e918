import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import type { Report } from "../src/index.ts";

const program = fileURLToPath(new URL("fixtures/tiny.suite.ts", import.meta.url));

/** Runs the suite with Node's runner; gives the exit code, what it said, and the report. */
function runWithNode(...broken: string[]): { code: number | null; said: string; report: Report } {
  const folder = mkdtempSync(join(tmpdir(), "quintet-node-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "tiny.json");
  const flags = ["--conditions=@quintet/source", "--test-reporter=tap", program, file];
  const { status, stdout } = spawnSync(process.execPath, [...flags, ...broken], {
    encoding: "utf8",
  });
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  return { code: status, said: stdout, report };
}

it("passes in Node's own runner", { timeout: 60_000 }, () => {
  const { code, said, report } = runWithNode();
  expect({ code, failed: report.totals.failed }).toEqual({ code: 0, failed: 0 });
  expect(said).toContain(`# tests ${report.cases.length}`);
  expect(said).toMatch(/ok \d+ - A task's value arrives \(result\.value\)/);
});

it("fails in Node's own runner", { timeout: 60_000 }, () => {
  const { code, said, report } = runWithNode("takes falsy errors for results");
  expect({ code, failed: report.totals.failed }).toEqual({ code: 1, failed: 1 });
  expect(said).toMatch(/not ok \d+ - .*\(error\.not-an-error\)/);
});
