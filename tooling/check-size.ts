/**
 * Holds what an import may cost: a package's own code, minified and gzipped. What it imports from
 * elsewhere is left out, but for the engine that only it brings along. Packages have to be built.
 */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { CheckList } from "./check-list.ts";

interface Budget {
  readonly title: string;
  /** Built files, from `packages`; what they share counts once. */
  readonly entries: readonly string[];
  /** Packages that are left out. */
  readonly external: readonly string[];
  /** Bytes. */
  readonly limit: number;
}

const budgets: readonly Budget[] = [
  { title: "core", entries: ["core/dist/index.js"], external: [], limit: 3000 },
  {
    title: "async",
    entries: ["async/dist/index.js"],
    external: ["@quintet/core", "p-queue"],
    limit: 8000,
  },
  {
    title: "threads with pool",
    entries: ["threads/dist/index.js", "threads/dist/bootstrap.js"],
    external: ["@quintet/core"],
    limit: 15_000,
  },
];

const packages = join(import.meta.dirname, "..", "packages");
const checks = new CheckList();
for (const { title, entries, external, limit } of budgets) {
  const bytes = await compressedSize(entries, external);
  const figures = `${title}: ${bytes} of ${limit} bytes`;
  checks.add(figures, bytes <= limit ? "" : `${bytes - limit} bytes over its budget`);
}
checks.close();

async function compressedSize(
  entries: readonly string[],
  external: readonly string[],
): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: entries.map((entry) => join(packages, entry)),
    bundle: true,
    write: false,
    outdir: "memory",
    format: "esm",
    platform: "node",
    target: "node22",
    minify: true,
    splitting: true,
    external: external.flatMap((name) => [name, `${name}/*`]),
  });
  return outputFiles.reduce(
    (sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length,
    0,
  );
}
