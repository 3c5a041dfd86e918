/** Programs in a folder of their own, with the packages as they are published, to be run elsewhere. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

const { resolve } = createRequire(import.meta.url);
const run = promisify(execFile);
const packages = join(import.meta.dirname, "..", "..", "packages");
const scope = "@quintet/";

/** Where the programs are. */
export interface PortableProject {
  readonly folder: string;
  /** Runs `print.ts` as a program of its own, until it ends by itself; gives what it printed. */
  print(program: string, args: readonly string[], ...given: readonly string[]): Promise<string>;
  /** One classic script for browsers; `portable.runPrograms()` runs the programs. */
  bundle(): Promise<string>;
  remove(): Promise<void>;
}

/**
 * Copies `packages/<name>/test/portable`, and builds the package and those it needs from their sources, as they are
 * published.
 */
export async function portableProject(name: string): Promise<PortableProject> {
  const folder = await mkdtemp(join(tmpdir(), "quintet-portable-"));
  await cp(join(packages, name, "test", "portable"), folder, { recursive: true });
  const dependencies = { [scope + name]: "*", ...(await dependenciesOf(name)) };
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", dependencies }));
  const built = new Set<string>();
  await install(folder, name, built);
  return {
    folder,
    async print(program, args, ...given) {
      const options = { cwd: folder, env: { HOME: folder }, timeout: 60_000 };
      const { stdout } = await run(program, [...args, "print.ts", ...given], options);
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

async function dependenciesOf(name: string): Promise<Record<string, string>> {
  const manifest = await readFile(join(packages, name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { dependencies?: Record<string, string> }).dependencies ?? {};
}

/** Builds a package into the folder once, copies what it needs from npm, and does the same for those of ours it needs. */
async function install(folder: string, name: string, installed: Set<string>): Promise<void> {
  if (installed.has(name)) return;
  installed.add(name);
  const needed = Object.keys(await dependenciesOf(name));
  await Promise.all([
    buildInto(folder, name),
    ...needed.map((one) =>
      one.startsWith(scope)
        ? install(folder, one.slice(scope.length), installed)
        : copyInto(folder, one, name),
    ),
  ]);
}

async function buildInto(folder: string, name: string): Promise<void> {
  const target = join(folder, "node_modules", "@quintet", name);
  const source = join(packages, name);
  await cp(join(source, "package.json"), join(target, "package.json"));
  const tsup = join(resolve("tsup"), "..", "cli-default.js");
  const args = [tsup, "--no-dts", "--silent", "--out-dir", join(target, "dist")];
  await run(process.execPath, args, { cwd: source });
}

async function copyInto(folder: string, name: string, user: string): Promise<void> {
  const source = join(packages, user, "node_modules", name);
  await cp(source, join(folder, "node_modules", name), { recursive: true, dereference: true });
}
