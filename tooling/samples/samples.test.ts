import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkSamples, type Report } from "./check.ts";
import { fencesIn } from "./fences.ts";
import { docComments } from "./pages.ts";
import { difference, expectedLines } from "./run.ts";
import { tooNew } from "./sample.ts";

const fence = (code: string, info: string = "ts"): string => `\`\`\`${info}\n${code}\n\`\`\`\n`;
const site = "apps/docs/src/content/docs";

const pages: Record<string, string> = {
  [`${site}/good.md`]:
    fence("export const two: number = 2;", 'ts title="two.ts"') +
    fence('import { two } from "./two.ts";\nconsole.log(two, [two]); // => 2 [ 2 ]') +
    fence('throw new Error("never loaded");', 'ts title="broken.ts"') +
    fence('console.log(new URL("./broken.ts", "file:///a/b").href);', 'ts title="app.ts"') +
    fence('console.log("anything")') +
    fence("npm test", "sh"),
  [`${site}/type-error.md`]: `# A page\n\n${fence("let a = 1;\na = 'text';")}`,
  "README.md": fence('throw new Error("on purpose");'),
  "packages/core/README.md": fence("console.log(1); // => 2"),
  "packages/core/src/a.ts": `const a = 1;\n/**\n * @example\n * ${fence("// => never").replaceAll("\n", "\n * ")}\n */`,
  [`${site}/unexpected.mdx`]: fence("console.log(1); // => 1\nconsole.log(3);"),
  [`${site}/script.md`]: fence("let a = 1;", "js"),
  [`${site}/no-reason.md`]: fence("let a = 1;", "ts no-run"),
  [`${site}/reason.md`]: fence("alert(1);", 'ts no-run="needs a browser"'),
  [`${site}/twice.md`]: fence("", 'ts title="a.ts"').repeat(2),
};

let root: string;
let report: Report;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "quintet-samples-"));
  for (const [file, text] of Object.entries(pages)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  report = await checkSamples(root);
}, 60_000);

afterAll(() => rmSync(root, { recursive: true }));

function problemsOf(file: string): string[] {
  const problems = report.problems.filter((problem) => problem.file === file);
  return problems.map(({ line, message }) => `${line}: ${message}`);
}

it("accepts programs, the files they name, and other languages", () => {
  expect(problemsOf(`${site}/good.md`)).toEqual([]);
  const programs = report.programs.filter(({ file }) => file === `${site}/good.md`);
  expect(programs.map(({ title }) => title)).toEqual([undefined, "app.ts", undefined]);
});

it("fails on a type error, and names its line on the page", () => {
  expect(problemsOf(`${site}/type-error.md`)).toEqual([
    expect.stringMatching(/^5: error TS2322: .*not assignable/),
  ]);
});

it("fails on a thrown error, with its stack in terms of the page", () => {
  expect(problemsOf("README.md")).toEqual([
    expect.stringMatching(/^2: it fails:.*README\.md:2.*on purpose/s),
  ]);
});

it("fails on a result that is not the printed one", () => {
  expect(problemsOf("packages/core/README.md")).toEqual(["2: it prints 1\nand not   2"]);
});

it("fails on a result that nothing prints, here in a doc comment", () => {
  const message = "nothing is printed for `// => never`";
  expect(problemsOf("packages/core/src/a.ts")).toEqual([`5: ${message}`]);
});

it("fails on a printed line that no comment expects", () => {
  expect(problemsOf(`${site}/unexpected.mdx`)).toEqual([
    "2: no `// =>` expects the printed line 3",
  ]);
});

it("refuses what would get around it: another language, no reason, a title twice", () => {
  expect(problemsOf(`${site}/script.md`)).toEqual([
    "1: a fence of js is not checked; write it as ts",
  ]);
  expect(problemsOf(`${site}/no-reason.md`)).toEqual([
    '1: no-run takes a reason: no-run="needs a browser"',
  ]);
  expect(problemsOf(`${site}/twice.md`)).toEqual(["4: this page has that title twice"]);
});

it("checks the types of a program that has a reason not to run", () => {
  const { noRun } = report.samples.find(({ file }) => file === `${site}/reason.md`) ?? {};
  expect(noRun).toBe("needs a browser");
  expect(problemsOf(`${site}/reason.md`)).toEqual([expect.stringContaining("error TS2304")]);
});

it("does not run `using` on a Node that has none", () => {
  const code = "const a = 1;\nawait using pool = threads();";
  expect(tooNew(code, 22)).toBe("Node 22 has no `using`");
  expect(tooNew(code, 24)).toBeUndefined();
  expect(tooNew("const using = 1;", 22)).toBeUndefined();
});

it("reads fences inside lists and inside longer fences", () => {
  const markdown =
    '- one\n\n  ```ts title="a.ts"\n  if (a)\n    b();\n  ```\n\n````md\n```ts\n```\n````\n';
  expect(fencesIn(markdown)).toEqual([
    { language: "ts", meta: 'title="a.ts"', line: 4, code: "if (a)\n  b();" },
    { language: "md", meta: "", line: 9, code: "```ts\n```" },
  ]);
});

it("reads a generator in a doc comment with its star", () => {
  const [page] = docComments("a.ts", "/**\n * ```ts\n *   *letters() {}\n * ```\n */");
  expect(fencesIn(page?.markdown ?? "")[0]?.code).toBe("  *letters() {}");
});

it("lets an ellipsis stand for what differs from run to run", () => {
  expect(expectedLines("a(); // => thread … of 4\n// =>done")).toEqual(["thread … of 4", "done"]);
  expect(difference(["thread … of 4 (x)"], ["thread 17 of 4 (x)"])).toBeUndefined();
  expect(difference(["thread … of 4"], ["thread 17 of 5"])).toBeDefined();
});
