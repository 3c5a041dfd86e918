import { writeFileSync } from "node:fs";

/** Names the environment variable that holds the path a step writes its counts to. */
export const resultsVariable = "QUINTET_RESULTS";

/** Reports a step's own counts to the runner; does nothing when the step runs alone. */
export function reportCounts(passed: number, failed: number): void {
  const file = process.env[resultsVariable];
  if (file) writeFileSync(file, JSON.stringify({ passed, failed }));
  if (failed > 0) process.exitCode = 1;
}
