import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CheckList } from "../check-list.ts";
import { runCommand } from "../command.ts";
import type { PublicPackage } from "./public-packages.ts";

/** Packs one package into `folder` as publishing would, has it judged, and gives the tarball. */
export async function packed(
  { name, folder: source, version }: PublicPackage,
  folder: string,
  checks: CheckList,
): Promise<string> {
  const file = join(folder, `${name.slice(1).replace("/", "-")}-${version}.tgz`);
  const pack = await runCommand("pnpm", ["pack", "--pack-destination", folder], source);
  checks.add(`${name} packs`, existsSync(file) ? "" : pack.output);

  const judges = [
    ["publint", "run", file, "--strict"],
    ["attw", file, "--profile", "esm-only", "--no-emoji"],
  ] as const;
  for (const [judge, ...args] of judges) {
    const { isGood, output } = await runCommand(judge, args, folder);
    checks.add(`${name} is clean to ${judge}`, isGood ? "" : output);
  }
  return file;
}
