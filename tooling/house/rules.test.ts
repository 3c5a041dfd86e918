import { describe, expect, it } from "vitest";
import { houseProblems } from "./rules.ts";
import { type Files, manifest, withTree } from "./sample-tree.ts";

const core = "packages/core/package.json";
const source = "packages/core/src/thing.ts";
const built = { types: "./dist/index.d.ts", default: "./dist/index.js" };

function problems(changes: Files): string[] {
  const found = withTree(changes, houseProblems);
  return found.map(({ file, message }) => `${file}: ${message}`);
}

it("finds nothing in a workspace that keeps the rules", () => {
  expect(problems({})).toEqual([]);
});

describe("layers", () => {
  it.each([
    [
      "a dependency upwards",
      { [core]: manifest("core", { dependencies: { "@quintet/pool": "workspace:^" } }) },
    ],
    ["an import upwards", { [source]: `export { x } from "@quintet/pool";` }],
    ["a type import upwards", { [source]: `export type X = import("@quintet/pool").X;` }],
    ["a dynamic import upwards", { [source]: `export const x = import("@quintet/pool");` }],
    ["a way into another package", { [source]: `export { x } from "../../pool/src/index.ts";` }],
    ["a way into tooling", { [source]: `export { x } from "../../../tooling/x.ts";` }],
    [
      "a test's way into another package",
      { "packages/core/src/x.test.ts": `import "../../pool/src/index.ts";` },
    ],
    ["an import of an app", { [source]: `export { x } from "@quintet/docs";` }],
    ["an undeclared dependency", { [source]: `export { x } from "p-queue";` }],
    [
      "the suite in core's own tests",
      { "packages/core/src/x.test.ts": `import "@quintet/conformance";` },
    ],
    [
      "a package without a place",
      { "packages/core/package.json": undefined, "packages/new/package.json": manifest("new") },
    ],
  ] satisfies [string, Files][])("catches %s", (_, changes) => {
    expect(problems(changes).join("\n")).toMatch(
      /may build on nothing|leaves its package|nobody imports|is no dependency|no place/,
    );
  });
});

it("lets a test use tooling", () => {
  const text = `import "../../../tooling/portable/runtimes.ts";`;
  expect(problems({ "packages/core/src/x.test.ts": text })).toEqual([]);
});

describe("files", () => {
  const long = "\n".repeat(250) + "export const x = 1;";
  it.each([
    ["a missing README", { "packages/core/README.md": undefined }, "README.md is missing"],
    [
      "a missing tsconfig",
      { "packages/core/tsconfig.json": undefined },
      "tsconfig.json is missing",
    ],
    ["a long file", { [source]: long }, "251 lines"],
    ["a camel-case name", { "packages/core/src/waitList.ts": "" }, "kebab-case"],
    ["a camel-case folder", { "apps/docs/src/waitList/x.ts": "" }, "kebab-case"],
    ["an empty word", { "packages/core/src/string-utils.ts": "" }, "does not say"],
    ["an empty word for a folder", { "packages/core/src/common/x.ts": "" }, "does not say"],
  ] satisfies [string, Files, string][])("catches %s", (_, changes, message) => {
    expect(problems(changes)).toEqual([expect.stringContaining(message)]);
  });

  it("lets a test be long", () => {
    expect(problems({ "packages/core/src/thing.test.ts": long })).toEqual([]);
  });
});

describe("syntax", () => {
  it.each([
    ["a default export", "export default 1;", "default"],
    ["a default function", "export default function thing() {}", "default"],
    ["a default by name", "const x = 1; export { x as default };", "default"],
    ["a star export", `export * from "./x.ts";`, "export *"],
    ["a named star export", `export * as x from "./x.ts";`, "export *"],
    ["setTimeout", "setTimeout(() => {}, 1);", "setTimeout"],
    ["globalThis.setTimeout", "globalThis.setTimeout(() => {}, 1);", "setTimeout"],
    ["the timers module", `import "node:timers/promises";`, "node:timers/promises"],
    ["Date.now", "export const x = Date.now();", "Date.now"],
    ["using", "{ using x = y; }", "using"],
    ["await using", "export async function f() { await using x = y; }", "using"],
  ])("catches %s", (_, text, message) => {
    expect(problems({ [source]: text })).toEqual([expect.stringContaining(message)]);
  });

  it.each(["it.skip", "it.only", "test.todo", "describe.only", "suite.it.skip", "it.only.each"])(
    "catches %s",
    (call) => {
      const text = `${call}("x");`;
      const found = problems({ "packages/core/src/x.test.ts": text });
      expect(found).toEqual([expect.stringContaining("switches tests off")]);
    },
  );

  it("lets the clock be the clock, and comments say what they like", () => {
    const clock = "packages/core/src/kit/clock/clock.ts";
    const text = "/** Instead of `export default setTimeout`, or Date.now. */ export const x = 1;";
    expect(problems({ [clock]: "setTimeout(Date.now, 1);", [source]: text })).toEqual([]);
  });
});

describe("versions", () => {
  it.each([
    [
      "a version outside the catalog",
      { "package.json": `{ "devDependencies": { "vitest": "5.1.1" } }` },
      "say catalog:",
    ],
    [
      "a range in the catalog",
      { "pnpm-workspace.yaml": "catalog:\n  vitest: ^5.1.1\n" },
      "not an exact",
    ],
    [
      "a range under an alias",
      { "pnpm-workspace.yaml": "catalog:\n  x: npm:vitest@5\n" },
      "not an exact",
    ],
  ] satisfies [string, Files, string][])("catches %s", (_, changes, message) => {
    expect(problems(changes)).toEqual([expect.stringContaining(message)]);
  });
});

describe("manifests", () => {
  const selfExport = { "./package.json": "./package.json" };
  const index = { "@quintet/source": "./src/index.ts", ...built };
  const extra = {
    "@quintet/source": "./src/kit.ts",
    types: "./dist/kit.d.ts",
    default: "./dist/kit.js",
  };
  it.each([
    ["a wrong name", { name: "core" }, "the name is not"],
    ["an unknown key", { main: "./dist/index.js" }, "main has no place"],
    ["a missing key", { license: undefined }, "license is missing"],
    [
      "built files before sources",
      { exports: { ".": { ...built, "@quintet/source": "./src/index.ts" }, ...selfExport } },
      "of one source file",
    ],
    [
      "types of another file",
      { exports: { ".": { ...index, types: "./dist/x.d.ts" }, ...selfExport } },
      "of one source file",
    ],
    [
      "an export that is not built",
      { exports: { ".": index, "./kit": extra, ...selfExport } },
      "is not built",
    ],
    [
      "exports that are published otherwise",
      { publishConfig: { exports: selfExport } },
      "publishConfig.exports",
    ],
    ["no way to package.json", { exports: { ".": index } }, `exports["./package.json"]`],
  ])("catches %s", (_, changes, message) => {
    const found = problems({ [core]: manifest("core", changes) });
    expect(found.join("\n")).toContain(message);
  });

  it("catches keys out of order", () => {
    const { name, ...rest } = JSON.parse(manifest("core")) as { name: string };
    const found = problems({ [core]: JSON.stringify({ ...rest, name }) });
    expect(found).toEqual([expect.stringContaining("not in the order")]);
  });

  it("catches an entry without a file", () => {
    const config = `const config = ["src/index.ts", "src/gone.ts"]; export default config;`;
    const found = problems({ "packages/core/tsup.config.ts": config });
    expect(found).toEqual([expect.stringContaining("builds src/gone.ts")]);
  });
});

describe("pages", () => {
  const page = "apps/docs/src/content/docs/packages/core.mdx";
  const headings = "# @quintet/core\n## API\n## Install\n";
  it.each([
    ["a package that the site leaves out", { [page]: undefined }, "page"],
    ["headings of its own", { "packages/core/README.md": headings }, "headings"],
  ] satisfies [string, Files, string][])("catches %s", (_, changes, message) => {
    expect(problems(changes)).toEqual([expect.stringContaining(message)]);
  });

  it("catches a long README", () => {
    const found = problems({ "packages/core/README.md": `${headings}${"text\n".repeat(120)}` });
    expect(found).toContainEqual(expect.stringContaining("123 lines"));
  });
});
