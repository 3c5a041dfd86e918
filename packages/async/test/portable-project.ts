/** The programs in a folder of their own, with the packages as they are published, to be run elsewhere. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

const { resolve } = createRequire(import.meta.url);
const run = promisify(execFile);
const packages = join(import.meta.dirname, "..", "..");

/** Where the programs are. */
export interface PortableProject {
  readonly folder: string;
  /** Runs them as a program of its own; gives what they printed. */
  print(program: string, args: readonly string[]): Promise<string>;
  /** One classic script for browsers; `portable.runPrograms()` runs the programs. */
  bundle(): Promise<string>;
  remove(): Promise<void>;
}

/** Builds the packages from their sources, as they are published. */
export async function portableProject(): Promise<PortableProject> {
  const folder = await mkdtemp(join(tmpdir(), "quintet-portable-"));
  await cp(join(import.meta.dirname, "portable"), folder, { recursive: true });
  const dependencies = { "@quintet/async": "*", "@quintet/core": "*" };
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", dependencies }));
  await Promise.all([
    ...["core", "async"].map((name) => buildInto(folder, name)),
    ...["p-queue", "abort-controller-x"].map((name) => copyInto(folder, name)),
  ]);
  return {
    folder,
    async print(program, args) {
      const options = { cwd: folder, env: { HOME: folder }, timeout: 60_000 };
      const { stdout } = await run(program, [...args, "print.ts"], options);
      return stdout;
    },
    async bundle() {
      const { outputFiles, warnings } = await build({
        entryPoints: [join(folder, "programs.ts")],
        bundle: true,
        write: false,
        platform: "browser",
        format: "iife",
        globalName: "portable",
        logLevel: "silent",
      });
      if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join("\n"));
      return outputFiles[0]!.text;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function buildInto(folder: string, name: string): Promise<void> {
  const target = join(folder, "node_modules", "@quintet", name);
  const source = join(packages, name);
  await cp(join(source, "package.json"), join(target, "package.json"));
  const tsup = join(resolve("tsup"), "..", "cli-default.js");
  const args = [tsup, "--no-dts", "--silent", "--out-dir", join(target, "dist")];
  await run(process.execPath, args, { cwd: source });
}

async function copyInto(folder: string, name: string): Promise<void> {
  const source = join(packages, "async", "node_modules", name);
  await cp(source, join(folder, "node_modules", name), { recursive: true, dereference: true });
}
