import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["@quintet/source", "node", "import", "default"];

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
    retry: 0,
    dangerouslyIgnoreUnhandledErrors: false,
  },
});

export default config;
