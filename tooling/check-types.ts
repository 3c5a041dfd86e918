/**
 * Type-checks with TypeScript 7: the whole workspace in one run, and once more what is published,
 * whose exports say their types (`isolatedDeclarations`). Two packages own a `tsc`, so the binary is
 * named by its path and asked which one it is.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");
const manifest = createRequire(import.meta.url).resolve("@typescript/native/package.json");
const compiler = join(dirname(manifest), "bin", "tsc");

const version = spawnSync(process.execPath, [compiler, "--version"], { encoding: "utf8" }).stdout;
if (!version.startsWith("Version 7.")) {
  throw new Error(`types are checked by TypeScript 7, but ${compiler} says: ${version}`);
}

for (const project of ["tsconfig.json", "tooling/tsconfig.published.json"]) {
  const args = [compiler, "--project", project];
  const check = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (check.status !== 0) {
    process.exitCode = 1;
    break;
  }
}
