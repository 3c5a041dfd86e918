/** An application in a folder of its own, with the packages as they are published, to be bundled and run elsewhere. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type InlineConfig } from "vite";

const { resolve } = createRequire(import.meta.url);
const packages = join(import.meta.dirname, "..", "packages");

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where the application is, and where its bundles go. */
export interface BundledProject {
  /** Where packages can be found. */
  readonly root: string;
  /** A new folder for a bundle, where no package can be found. */
  output(type?: "module" | "commonjs"): Promise<string>;
  /** Runs esbuild's command line. */
  esbuild(...args: readonly string[]): Promise<void>;
  /** Runs Vite's build. */
  vite(config: InlineConfig): Promise<void>;
  remove(): Promise<void>;
}

/** Copies an application, and builds the packages it uses from their sources, as they are published. */
export async function bundledProject(
  application: string,
  uses: readonly string[],
): Promise<BundledProject> {
  const folder = await mkdtemp(join(tmpdir(), "quintet-bundlers-"));
  const root = join(folder, "project");
  await cp(application, root, { recursive: true });
  await writeFile(join(root, "package.json"), JSON.stringify({ type: "module" }));
  await Promise.all(uses.map((name) => install(name, root)));
  let outputs = 0;
  return {
    root,
    async output(type = "module") {
      const output = join(folder, `output-${++outputs}`);
      await mkdir(output);
      await writeFile(join(output, "package.json"), JSON.stringify({ type }));
      return output;
    },
    async esbuild(...args) {
      succeeded(
        await runNode([resolve("esbuild/bin/esbuild"), "--log-level=warning", ...args], root),
      );
    },
    async vite(config) {
      const quiet: InlineConfig = { root, configFile: false, logLevel: "error" };
      await build({ ...config, ...quiet, build: { emptyOutDir: false, ...config.build } });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Runs a program as `node FILE` would, without anything of this process's environment. */
export function runNode(args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolved) => {
    const options = { cwd, env: {}, timeout: 60_000 };
    const child = execFile(process.execPath, args, options, (_, stdout, stderr) =>
      resolved({ code: child.exitCode, stdout, stderr }),
    );
  });
}

async function install(name: string, root: string): Promise<void> {
  const source = join(packages, name);
  const target = join(root, "node_modules", "@quintet", name);
  await cp(join(source, "package.json"), join(target, "package.json"));
  const tsup = join(resolve("tsup"), "..", "cli-default.js");
  succeeded(
    await runNode([tsup, "--no-dts", "--silent", "--out-dir", join(target, "dist")], source),
  );
}

function succeeded({ code, stdout, stderr }: Ended): void {
  if (code !== 0) throw new Error(stdout + stderr);
}
