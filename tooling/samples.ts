/**
 * Type-checks and runs every TypeScript sample: of the READMEs, the site's pages and the doc comments.
 *
 * A ```ts fence is a whole program. One with a title, ```ts title="text.tasks.ts", has that file name
 * for the other samples of its page or doc comment, and is no program when one of them names it.
 * `// => text` says what is printed. A program that cannot run here says why:
 * ```ts no-run="needs a browser".
 */
import { join } from "node:path";
import { reportCounts } from "./results.ts";
import { checkSamples } from "./samples/check.ts";

const { samples, programs, problems } = await checkSamples(join(import.meta.dirname, ".."));
for (const { file, line, message } of problems) console.log(`✗ ${file}:${line}: ${message}\n`);

const typed = samples.filter(({ isTypeScript }) => isTypeScript);
const idle = programs.filter(({ noRun }) => noRun !== undefined);
for (const { file, line, noRun } of idle) console.log(`${file}:${line} does not run: ${noRun}`);

const bad = new Set(problems.map(({ sample }) => sample));
const good = typed.filter((sample) => !bad.has(sample)).length;
const unread = problems.filter(({ sample }) => sample === undefined).length;
const failed = typed.length - good + unread;
console.log(
  `${typed.length} samples, ${programs.length - idle.length} run, ` +
    `${typed.length - programs.length} modules, ${idle.length} not run, ${failed} failed`,
);
reportCounts(good, failed);
