import type { Rule } from "./workspace.ts";

const headings = [
  "## Install",
  "## Example",
  "## When to use it, and when not",
  "## API",
  "## Cancellation and errors",
  "## Size and runtimes",
];
const longest = 120;

/** Every package has a README with the same headings, and a page on the site. */
export const pagesRule: Rule = function* ({ members, exists, read }) {
  const hasSite = exists("apps/docs/package.json");
  for (const { kind, name, folder } of members) {
    if (kind !== "package") continue;
    const page = `apps/docs/src/content/docs/packages/${name}`;
    if (hasSite && !exists(`${page}.md`) && !exists(`${page}.mdx`)) {
      yield { file: folder, message: `its page ${page}.md is missing` };
    }

    const file = `${folder}/README.md`;
    if (!exists(file)) continue; // another rule says so
    const text = read(file);
    const found = text.replaceAll(/^```.*?^```$/gms, "").match(/^##? .*$/gm) ?? [];
    const expected = [`# @quintet/${name}`, ...headings];
    if (found.join("\n") !== expected.join("\n")) {
      yield { file, message: `the headings are not: ${expected.join(" · ")}` };
    }
    const lines = text.trimEnd().split("\n").length;
    if (lines > longest) yield { file, message: `${lines} lines, more than ${longest}` };
  }
};
