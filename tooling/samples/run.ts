import { dirname, join } from "node:path";
import { runCommand } from "../command.ts";
import type { Problem, Sample } from "./sample.ts";

// It would colour what samples print.
delete process.env["FORCE_COLOR"];

/** Milliseconds that one program may take. */
const limit = 60_000;
const sideBySide = 2;

/** Runs every program of the folder that `writeScratch` has written. */
export async function runProblems(
  scratch: string,
  programs: readonly Sample[],
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const rest = programs.values();
  const work = async (): Promise<void> => {
    for (const sample of rest) {
      const message = await troubleWith(sample, scratch);
      if (message) problems.push({ file: sample.file, line: sample.line, message, sample });
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return problems;
}

async function troubleWith(sample: Sample, scratch: string): Promise<string | undefined> {
  const file = join(scratch, sample.path);
  const args = ["--conditions=@quintet/source", file];
  const { isGood, stdout, output } = await runCommand(process.execPath, args, dirname(file), limit);
  // Lines of a stack are those of the page; only its path is missing.
  if (!isGood) return `it fails:\n${lastLines(output).replaceAll(file, sample.file)}`;
  return difference(expectedLines(sample.code), printedLines(stdout));
}

/** Where an error stands: a sample may print a lot before it. */
function lastLines(output: string): string {
  return output.trim().split("\n").slice(-40).join("\n");
}

/** What the `// => text` comments say is printed, in order. */
export function expectedLines(code: string): string[] {
  return [...code.matchAll(/\/\/ *=> ?(.*)$/gm)].map(([, text = ""]) => text.trim());
}

function printedLines(stdout: string): string[] {
  return stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/**
 * What keeps the printed lines from being the expected ones, all of them and no others. An `…` stands
 * for any text, and a sample that expects nothing may print what it likes.
 */
export function difference(
  expected: readonly string[],
  printed: readonly string[],
): string | undefined {
  if (expected.length === 0) return undefined;
  for (const [index, text] of expected.entries()) {
    const line = printed[index];
    if (line === undefined) return `nothing is printed for \`// => ${text}\``;
    if (!matches(text, line)) return `it prints ${line}\nand not   ${text}`;
  }
  const extra = printed[expected.length];
  return extra === undefined ? undefined : `no \`// =>\` expects the printed line ${extra}`;
}

function matches(expected: string, line: string): boolean {
  const literal = expected.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll("…", ".*")}$`).test(line);
}
