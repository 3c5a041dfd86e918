import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type Outcome, runStep } from "./run-step.ts";

const folder = mkdtempSync(join(tmpdir(), "quintet-steps-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** Runs a command as a step, after it has written `report` to its results file. */
function run(command: string, report?: object): Promise<Outcome> {
  const resultsFile = join(folder, `${(count += 1)}.json`);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts: { step: command } }));
  if (report) writeFileSync(resultsFile, JSON.stringify(report));
  return runStep({ script: "step", title: "step" }, resultsFile, folder);
}

it("counts a step that does not count as one", async () => {
  expect(await run("exit 0")).toMatchObject({ passed: 1, failed: 0 });
  expect(await run("exit 3")).toMatchObject({ passed: 0, failed: 1 });
});

it("takes a step's own counts, and those of Vitest", async () => {
  expect(await run("exit 0", { passed: 7, failed: 0 })).toMatchObject({ passed: 7, failed: 0 });
  const report = { numPassedTests: 5, numFailedTests: 2 };
  expect(await run("exit 1", report)).toMatchObject({ passed: 5, failed: 2 });
});

it("fails when the step failed although all that it counted passed", async () => {
  expect(await run("exit 1", { passed: 7, failed: 0 })).toMatchObject({ passed: 7, failed: 1 });
});

it("fails when a counted check failed although the step ended well", async () => {
  expect(await run("exit 0", { passed: 7, failed: 1 })).toMatchObject({ passed: 7, failed: 1 });
});

it("keeps what was printed to either stream", async () => {
  const { output } = await run("echo out; echo err >&2; exit 1");
  expect(output).toContain("out\n");
  expect(output).toContain("err\n");
});

it("does not wait for a process that was left behind", async () => {
  const { seconds } = await run("sleep 60 & exit 0");
  expect(seconds).toBeLessThan(30);
}, 40_000);
