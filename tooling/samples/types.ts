import { join, relative } from "node:path";
import { runCommand } from "../command.ts";
import type { Problem, Sample } from "./sample.ts";

const workspace = join(import.meta.dirname, "..", "..");
const compiler = join(workspace, "node_modules", "@typescript", "native", "bin", "tsc");

/** Type-checks the folder that `writeScratch` has written, in one go. */
export async function typeProblems(
  scratch: string,
  samples: readonly Sample[],
): Promise<Problem[]> {
  const check = await runCommand(process.execPath, [compiler], scratch);
  if (check.isGood) return [];
  // What follows the first line of a message is indented.
  const messages = check.stdout.trimEnd().split(/\n(?=\S)/);
  return messages.map((text) => {
    const place = /^(.+?)\((\d+),\d+\): (.*)$/s.exec(text);
    if (!place) return { file: "tsc", line: 0, message: text || check.output, sample: undefined };
    const [, path = "", line, message = text] = place;
    const sample = samples.find((each) => each.path === path);
    const file = sample?.file ?? relative(workspace, join(scratch, path));
    return { file, line: Number(line), message, sample };
  });
}
