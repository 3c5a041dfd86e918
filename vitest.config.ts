import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { resultsVariable } from "./tooling/results.ts";

const conditions = ["@quintet/source", "node", "import", "default"];

// `npm test` names a file here and adds up what it finds in it.
const resultsFile = process.env[resultsVariable];

// Tests start hundreds of threads, and each would strip the types of the same sources again.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules", ".cache", "node");

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/test/**/*.test.ts",
      "apps/*/{src,test}/**/*.test.ts",
      "tooling/**/*.test.ts",
    ],
    globalSetup: "tooling/warm-compile-cache.ts",
    pool: "forks",
    // Vitest leaves one core idle, which is half of a small machine.
    maxWorkers: availableParallelism(),
    // A worker thread that a test starts is plain Node: it finds the sources by the same condition.
    // Node strips types with WebAssembly. Where the processor has memory protection keys, V8 can abort the
    // process ("Check failed: jit_page.has_value()") when threads that used it come and go; the flag avoids that.
    execArgv: ["--conditions=@quintet/source", "--expose-gc", "--no-memory-protection-keys"],
    reporters: resultsFile ? ["default", ["json", { outputFile: resultsFile }]] : ["default"],
    // On a busy machine all is slow: what hangs is to be found, not what takes its time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
    dangerouslyIgnoreUnhandledErrors: false,
  },
});

export default config;
