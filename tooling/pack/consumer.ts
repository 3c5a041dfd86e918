import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CheckList } from "../check-list.ts";
import { runCommand } from "../command.ts";
import { root } from "./public-packages.ts";
import { type Runtime, runtimes } from "./runtimes.ts";

const result = { one: 3, many: [1, 2, 3], letters: ["a", "b", "c"] };
const worked = `${JSON.stringify({ result, isClosed: true })}\n`.repeat(2);
const workedWithUsing = `${JSON.stringify({ one: 3 })}\n`.repeat(2);

/** Makes a project in `folder` that has the tarballs installed, as a user's project would. */
export async function installConsumer(
  folder: string,
  tarballs: Readonly<Record<string, string>>,
): Promise<string> {
  cpSync(join(root, "tooling", "fixtures", "consumer"), folder, { recursive: true });
  const types = JSON.parse(
    readFileSync(join(root, "node_modules", "@types", "node", "package.json"), "utf8"),
  ) as { version: string };
  const names = Object.keys(tarballs);
  const manifest = {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: Object.fromEntries(names.map((name) => [name, `file:${tarballs[name]}`])),
    devDependencies: { "@types/node": types.version },
    // The packages name each other by version; none of those is published yet.
    overrides: Object.fromEntries(names.map((name) => [name, `$${name}`])),
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  const flags = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"];
  const install = await runCommand("npm", ["install", ...flags], folder);
  return install.isGood ? "" : install.output;
}

/** Runs every program of the project on every Node, and type-checks it with both compilers. */
export async function tryConsumer(
  folder: string,
  specifiers: readonly string[],
  checks: CheckList,
): Promise<void> {
  const compilers = [
    ["TypeScript 7", join("@typescript", "native")],
    ["TypeScript 6", "typescript"],
  ] as const;
  for (const [name, location] of compilers) {
    const compiler = join(root, "node_modules", location, "bin", "tsc");
    const { isGood, output } = await runCommand(process.execPath, [compiler], folder);
    checks.add(`${name} accepts the types`, isGood ? "" : output);
  }
  const found = runtimes();
  const hasOld = found.some(({ name }) => name.startsWith("Node 22"));
  checks.add("there is a Node 22 to try", hasOld ? "" : "none is installed under tooling");
  for (const runtime of found) await tryOn(runtime, folder, specifiers, checks);
}

async function tryOn(
  { name, node, typeFlags, hasUsing }: Runtime,
  folder: string,
  specifiers: readonly string[],
  checks: CheckList,
): Promise<void> {
  const arrived = specifiers.map((specifier) => `${specifier}: true\n`).join("");
  const programs: [title: string, args: readonly string[], expected: string][] = [
    ["import of every export", ["imports.mjs", ...specifiers], arrived],
    ["require of every export", ["imports.cjs", ...specifiers], arrived],
    ["an ES module", ["app.mjs"], worked],
    ["a CommonJS module", ["app.cjs"], worked],
    ["a TypeScript file", [...typeFlags, "app.ts"], worked],
  ];
  if (hasUsing) programs.push(["await using", ["using.ts"], workedWithUsing]);
  for (const [title, args, expected] of programs) {
    const { isGood, stdout, output } = await runCommand(node, args, folder);
    checks.add(`${title} on ${name}`, isGood && stdout === expected ? "" : output || "no output");
  }
}
