import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Sample } from "./sample.ts";

const workspace = join(import.meta.dirname, "..", "..");

/** Inside the site's folder, whose package.json names every package of ours; git ignores it. */
const parent = join(workspace, "apps", "docs", ".samples");

/**
 * Writes the samples to a folder of their own, with a tsconfig.json, and gives its path.
 * Each stands in its file at the line where it stands on its page.
 */
export function writeScratch(samples: readonly Sample[]): string {
  mkdirSync(parent, { recursive: true });
  const scratch = mkdtempSync(join(parent, "run-"));
  for (const { path, line, code, isTypeScript } of samples) {
    const file = join(scratch, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, isTypeScript ? "\n".repeat(line - 1) + code : code);
  }
  const config = {
    extends: relative(scratch, join(workspace, "tsconfig.base.json")),
    // A reader's own settings need not be ours: samples leave out what no reader would write.
    compilerOptions: {
      declaration: false,
      isolatedDeclarations: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    files: samples.filter(({ isTypeScript }) => isTypeScript).map(({ path }) => path),
  };
  writeFileSync(join(scratch, "tsconfig.json"), JSON.stringify(config));
  return scratch;
}
