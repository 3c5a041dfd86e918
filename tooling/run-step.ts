import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { resultsVariable } from "./results.ts";
import type { Step } from "./steps.ts";

const root = join(import.meta.dirname, "..");
/** How long the tools under a step may take to end after it, in milliseconds. */
const patience = 1000;
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How a step ended. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** All that it printed. */
  readonly output: string;
}

/**
 * Runs one step. A step that counts writes its counts to `resultsFile`; any other counts as one.
 * A non-zero exit code is a failure whatever was counted.
 */
export async function runStep(
  step: Step,
  resultsFile: string,
  folder: string = root,
): Promise<Outcome> {
  const start = performance.now();
  const child = spawn(process.execPath, ["--run", step.script], {
    cwd: folder,
    env: { ...process.env, [resultsVariable]: resultsFile },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that a signal ends the tools under it too.
    detached: true,
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const isGood = await closed(child);

  const counts = readCounts(resultsFile) ?? { passed: isGood ? 1 : 0, failed: 0 };
  return {
    passed: counts.passed,
    failed: isGood ? counts.failed : Math.max(counts.failed, 1),
    seconds: (performance.now() - start) / 1000,
    output: Buffer.concat(chunks).toString(),
  };
}

/** Resolves when the step has ended, with whether it was good; rejects when a signal ended it. */
function closed(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const stop = (signal: NodeJS.Signals): void => {
      killGroup(child, signal);
      process.exitCode = 128 + constants.signals[signal];
      reject(new Error(`stopped by ${signal}`));
    };
    for (const signal of stopSignals) process.on(signal, stop);
    child.on("error", reject);
    // A process that a tool left behind would keep the pipes open for ever.
    let end: NodeJS.Timeout | undefined;
    child.on("exit", () => {
      end = setTimeout(() => killGroup(child, "SIGKILL"), patience);
    });
    child.on("close", (code) => {
      clearTimeout(end);
      for (const signal of stopSignals) process.off(signal, stop);
      resolve(code === 0);
    });
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

function readCounts(file: string): Counts | undefined {
  if (!existsSync(file)) return undefined;
  // Vitest's own report uses longer names for the same two numbers.
  const report = JSON.parse(readFileSync(file, "utf8")) as Partial<Counts> & {
    numPassedTests?: number;
    numFailedTests?: number;
  };
  return {
    passed: report.passed ?? report.numPassedTests ?? 0,
    failed: report.failed ?? report.numFailedTests ?? 0,
  };
}
