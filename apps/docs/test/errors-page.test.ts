import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as core from "@quintet/core";
import { expect, it } from "vitest";

const file = join(import.meta.dirname, "..", "src", "content", "docs", "errors.md");
const [, ...sections] = readFileSync(file, "utf8").split(/^## /m);
const names = Object.fromEntries(
  sections.map((section) => [section.slice(0, section.indexOf("\n")), section]),
);

/** The errors that only a queue gives stand together, at the end. */
const queueSection = "Errors of a queue";
const ofQueue = names[queueSection] ?? "";
delete names[queueSection];

/** The codes that an interface of a source file lists. */
function codesOf(name: string, path: string): (string | undefined)[] {
  const source = readFileSync(
    join(import.meta.dirname, "../../../packages/core/src", path),
    "utf8",
  );
  const [, list = ""] = new RegExp(`interface ${name} [^{]*\\{(.*?)\\n\\}`, "s").exec(source) ?? [];
  return [...list.matchAll(/^ {2}(\w+): /gm)].map(([, code]) => code);
}

/** Every class that Quintet throws, by its code. */
function classes(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const value of Object.values(core)) {
    if (typeof value !== "function" || value === core.QuintetError) continue;
    if (!(value.prototype instanceof core.QuintetError)) continue;
    const error = new (value as new (message: string, loss: object) => core.QuintetError)("", {});
    found[error.code] = error.name;
  }
  return found;
}

it("has a section for each code there is, in the order of the sources, and no other", () => {
  expect(Object.keys(names)).toEqual(codesOf("QuintetErrors", "errors.ts"));
  expect(Object.keys(names).toSorted()).toEqual(Object.keys(classes()).toSorted());
});

it.each(Object.entries(classes()))(
  "says of %s what happened, raises it, and says what to do",
  (code, name) => {
    const section = names[code] ?? "";
    expect(section).toContain(`\n\`${name}\`. `);
    expect(section).toMatch(new RegExp(`// => (\\w+ )?${code}\\b`));
    expect(section).toContain("_What to do_: ");
  },
);

it("says of each error of a queue what happened, and what to do", () => {
  const [, ...parts] = ofQueue.split(/^### /m);
  expect(parts.map((part) => part.slice(0, part.indexOf("\n")))).toEqual(
    codesOf("QueueErrors", "queue-errors.ts"),
  );
  for (const part of parts) {
    expect(part).toMatch(/\n`\w+Error`\. /);
    expect(part).toContain("_What to do_: ");
  }
});
