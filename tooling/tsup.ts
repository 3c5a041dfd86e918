import type { Options } from "tsup";

/** What one package builds. */
export interface LibraryOptions {
  /** Source files that become files of the same name under `dist`, relative to the package. */
  readonly entry: readonly string[];
}

/** The one way a Quintet package is built: ESM and declarations, one file for each entry. */
export function library(options: LibraryOptions): Options {
  const entry: Record<string, string> = {};
  for (const file of options.entry) entry[file.replace(/^src\/|\.ts$/g, "")] = file;
  return {
    entry,
    format: "esm",
    target: "node22",
    dts: true,
    sourcemap: true,
    clean: true,
    removeNodeProtocol: false,
  };
}
