/**
 * Holds what an import may cost: a package's own code, minified and gzipped. What it imports from
 * elsewhere is left out, but for the engine that only it brings along, and so is what it imports only
 * when it is needed. Packages have to be built.
 */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import { CheckList } from "./check-list.ts";

interface Budget {
  readonly title: string;
  /** What an application writes, with paths from `packages`. */
  readonly imports: readonly string[];
  /** Packages that are left out. */
  readonly external: readonly string[];
  /** Whether what is imported only when it is needed counts as well, as it does in a bundle. */
  readonly isWhole?: boolean;
  /** Bytes. */
  readonly limit: number;
}

const policies = [
  "retry",
  "timeout",
  "limit",
  "bulkhead",
  "rateLimit",
  "circuitBreaker",
  "hedge",
  "fallback",
  "dedupe",
  "overlap",
];

const budgets: readonly Budget[] = [
  {
    title: "core",
    imports: [`export * from "./core/dist/index.js";`],
    external: [],
    limit: 3000,
  },
  {
    title: "async, all of it",
    imports: [`export * from "./async/dist/index.js";`],
    external: ["@quintet/core", "p-queue", "abort-controller-x"],
    limit: 21_200,
  },
  {
    title: "async: eventLoop alone",
    imports: [`export { eventLoop } from "./async/dist/index.js";`],
    external: ["@quintet/core", "p-queue", "abort-controller-x"],
    limit: 1600,
  },
  {
    title: "async: taskGroup alone",
    imports: [`export { taskGroup } from "./async/dist/index.js";`],
    external: ["@quintet/core", "p-queue", "abort-controller-x"],
    limit: 3400,
  },
  {
    title: "async: semaphore alone, with core",
    imports: [`export { semaphore } from "./async/dist/index.js";`],
    external: [],
    limit: 5350,
  },
  {
    title: "async: locks, events, barriers and queues",
    imports: [
      `export { mutex, rwLock, keyed, condition, event, latch, barrier } from "./async/dist/index.js";`,
      `export { deferred, once, queue, priorityQueue, lifoQueue } from "./async/dist/index.js";`,
    ],
    external: ["@quintet/core"],
    limit: 6300,
  },
  {
    title: "coroutines",
    imports: [`export * from "./coroutines/dist/index.js";`],
    external: ["@quintet/core", "@quintet/async"],
    limit: 13_500,
  },
  {
    title: "channels and select of coroutines",
    imports: [
      `export { channel, broadcast, watch, merge, pipeline, stage, ticker, select, trySelect, after, aborted, acquiring, settled } from "./coroutines/dist/index.js";`,
    ],
    external: ["@quintet/core", "@quintet/async"],
    limit: 8_300,
  },
  ...policies.map((name) => ({
    title: `async: ${name}`,
    imports: [`export { ${name} } from "./async/dist/index.js";`],
    external: ["@quintet/core", "p-queue", "abort-controller-x"],
    limit: 2300,
  })),
  {
    title: "threads with pool",
    imports: [`export * from "./threads/dist/index.js";`],
    external: ["@quintet/core"],
    limit: 15_000,
  },
  {
    // Its own side of the pool and of the kit; it loads no other file before the first task.
    title: "all that a thread loads first",
    imports: [
      `import * as bootstrap from "./threads/dist/bootstrap.js"; globalThis.bootstrap = bootstrap;`,
    ],
    external: ["@quintet/core"],
    limit: 12_600,
  },
  {
    title: "processes with pool",
    imports: [`export * from "./processes/dist/index.js";`],
    external: ["@quintet/core"],
    limit: 18_500,
  },
  {
    title: "redis, without BullMQ and ioredis",
    imports: [`export * from "./redis/dist/index.js";`],
    external: ["@quintet/core", "bullmq", "ioredis"],
    limit: 26_000,
  },
  {
    title: "threads with pool and core, as a bundle has them",
    imports: [`export * from "./threads/dist/index.js";`],
    external: [],
    isWhole: true,
    limit: 49_500,
  },
];

const leavesOutWhatIsLate: Plugin = {
  name: "leaves-out-what-is-late",
  setup(building) {
    building.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    );
  },
};

/** Leaves them out as packages without side effects, so that what is imported of them and not used leaves no trace. */
const leavesOut = (names: readonly string[]): Plugin => ({
  name: "leaves-out",
  setup(building) {
    building.onResolve({ filter: /./ }, ({ path }) =>
      names.some((name) => path === name || path.startsWith(`${name}/`))
        ? { path, external: true, sideEffects: false }
        : undefined,
    );
  },
});

const packages = join(import.meta.dirname, "..", "packages");
const checks = new CheckList();
for (const { title, imports, external, isWhole = false, limit } of budgets) {
  let bytes = 0;
  for (const code of imports) bytes += await compressedSize(code, external, isWhole);
  const figures = `${title}: ${bytes} of ${limit} bytes`;
  checks.add(figures, bytes <= limit ? "" : `${bytes - limit} bytes over its budget`);
}
checks.close();

async function compressedSize(
  code: string,
  external: readonly string[],
  isWhole: boolean,
): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: packages },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node22",
    minify: true,
    plugins: [leavesOut(external), ...(isWhole ? [] : [leavesOutWhatIsLate])],
  });
  return outputFiles.reduce(
    (sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length,
    0,
  );
}
