/**
 * Runs the checks one after the other and ends with `N passed, N failed`. With the argument
 * `check` only the inner loop runs; further arguments choose steps by name.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Outcome, runStep } from "./run-step.ts";
import { allSteps, innerSteps, type Step } from "./steps.ts";

const steps = chooseSteps(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), "quintet-checks-"));
const outcomes = new Map<string, Outcome>();

try {
  for (const step of steps) outcomes.set(step.script, await outcomeOf(step));
  closeWithTotals();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode ||= 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function closeWithTotals(): void {
  let passed = 0;
  let failed = 0;
  for (const outcome of outcomes.values()) {
    passed += outcome.passed;
    failed += outcome.failed;
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

async function outcomeOf(step: Step): Promise<Outcome> {
  const missing = step.needs?.find((need) => outcomes.get(need)?.failed);
  if (missing !== undefined) {
    console.log(`✗ ${step.title}: not run, because ${missing} failed`);
    return { passed: 0, failed: 1, seconds: 0, output: "" };
  }
  const outcome = await runStep(step, join(folder, `${step.script.replace(":", "-")}.json`));
  const time = `${outcome.seconds.toFixed(1)} s`;
  if (outcome.failed === 0) {
    console.log(`✓ ${step.title}: ${outcome.passed} passed in ${time}`);
  } else {
    console.log(`✗ ${step.title}: ${outcome.failed} failed in ${time}\n${outcome.output}`);
    console.log(`→ ${step.fix ?? `pnpm ${step.script}`}\n`);
  }
  return outcome;
}

function chooseSteps(words: readonly string[]): readonly Step[] {
  if (words.length === 0) return allSteps;
  if (words.length === 1 && words[0] === "check") return innerSteps;
  return words.map((word) => {
    const step = allSteps.find(({ script }) => script === word);
    if (!step) throw new Error(`no step is called ${word}`);
    return step;
  });
}
