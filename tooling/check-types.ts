/**
 * Type-checks the whole workspace in one run with TypeScript 7. Two packages own a `tsc`, so the
 * binary is named by its path and says which one it is.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const manifest = createRequire(import.meta.url).resolve("@typescript/native/package.json");
const compiler = join(dirname(manifest), "bin", "tsc");

const version = spawnSync(process.execPath, [compiler, "--version"], { encoding: "utf8" }).stdout;
if (!version.startsWith("Version 7.")) {
  throw new Error(`types are checked by TypeScript 7, but ${compiler} says: ${version}`);
}

const check = spawnSync(process.execPath, [compiler, ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exitCode = check.status ?? 1;
