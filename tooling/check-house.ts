/** Holds the rules of the house that a linter has no words for. Runs with `pnpm lint`. */
import { join } from "node:path";
import { houseProblems } from "./house/rules.ts";

const problems = houseProblems(join(import.meta.dirname, ".."));
for (const { file, message } of problems) console.log(`${file}: ${message}`);
if (problems.length > 0) {
  console.log(`\n${problems.length} house rule(s) broken`);
  process.exitCode = 1;
}
