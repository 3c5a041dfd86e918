import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Search } from "./find-files.ts";

const installed = join(import.meta.dirname, "..", "..", "..", "node_modules");
const store = join(installed, ".pnpm");

/**
 * The documentation and the sources of what is installed. pnpm keeps each package once, in a store below
 * `node_modules`; all else there leads to it.
 */
export const defaultCorpus: Pick<Search, "folder" | "pattern"> = {
  folder: existsSync(store) ? store : installed,
  pattern: /\.(md|markdown|json|[cm]?[jt]sx?)$/i,
};
