import { defineConfig, type ViteUserConfig } from "vitest/config";
import { resultsVariable } from "./tooling/results.ts";

const conditions = ["@quintet/source", "node", "import", "default"];

// `npm test` names a file here and adds up what it finds in it.
const resultsFile = process.env[resultsVariable];

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
    pool: "forks",
    // A worker thread that a test starts is plain Node: it finds the sources by the same condition.
    execArgv: ["--conditions=@quintet/source", "--expose-gc"],
    reporters: resultsFile ? ["default", ["json", { outputFile: resultsFile }]] : ["default"],
    retry: 0,
    dangerouslyIgnoreUnhandledErrors: false,
  },
});

export default config;
