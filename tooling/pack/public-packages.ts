import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root: string = join(import.meta.dirname, "..", "..");

/** A package that is published. */
export interface PublicPackage {
  readonly name: string;
  readonly folder: string;
  readonly version: string;
  /** What a user may write in an import: the name and its subpaths. */
  readonly specifiers: readonly string[];
}

/** The packages under `packages`, in the order of their names. */
export function publicPackages(): PublicPackage[] {
  const folders = readdirSync(join(root, "packages")).toSorted();
  return folders.map((entry) => {
    const folder = join(root, "packages", entry);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      name: string;
      version: string;
      exports: Record<string, unknown>;
    };
    const { name, version, exports } = manifest;
    const subpaths = Object.keys(exports).filter((subpath) => subpath !== "./package.json");
    const specifiers = subpaths.map((subpath) => name + subpath.slice(1));
    return { name, folder, version, specifiers };
  });
}
