import type { Options } from "tsup";
import { inlines } from "../../tooling/inlines.ts";
import { library } from "../../tooling/tsup.ts";

const config: Options = {
  ...library({ entry: ["src/index.ts", "src/bootstrap.ts"] }),
  esbuildPlugins: [
    inlines({
      file: /inlined-bootstrap\.ts$/,
      of: "bootstrap.ts",
      code: (text) => `export const inlinedBootstrap = ${text};`,
      name: "@quintet/threads/bootstrap.js",
    }),
  ],
};

export default config;
