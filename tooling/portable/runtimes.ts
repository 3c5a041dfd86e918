import { existsSync } from "node:fs";
import { join } from "node:path";

/** Another runtime than Node, that npm has for this platform. */
export interface Runtime {
  readonly name: string;
  readonly program: string;
  /** What stands before the file to run. */
  readonly args: readonly string[];
}

const modules = join(import.meta.dirname, "..", "node_modules");
const platform = `${process.platform}-${process.arch}`;

const bun: Record<string, string> = {
  "darwin-arm64": "bun-darwin-aarch64",
  "linux-arm64": "bun-linux-aarch64",
  "linux-x64": "bun-linux-x64-baseline",
};
const deno: Record<string, string> = {
  "darwin-arm64": "darwin-arm64",
  "linux-arm64": "linux-arm64-glibc",
  "linux-x64": "linux-x64-glibc",
};

/** Bun and Deno, where the workspace has brought them. */
export function otherRuntimes(): Runtime[] {
  const found: Runtime[] = [
    {
      name: "Bun",
      program: join(modules, "@oven", bun[platform] ?? "", "bin", "bun"),
      args: ["run", "--no-install"],
    },
    {
      name: "Deno",
      program: join(modules, "@deno", deno[platform] ?? "", "deno"),
      args: ["run", "--quiet", "--no-check", "--node-modules-dir=manual", "--cached-only"],
    },
  ];
  return found.filter(({ program }) => existsSync(program));
}

/** The folder with the packed Chromium, which npm has for this platform alone. */
export function chromiumFolder(): string | undefined {
  const folder = join(modules, "@sparticuz", "chromium", "bin");
  return platform === "linux-x64" && existsSync(folder) ? folder : undefined;
}
