import type { Options } from "tsup";
import { inlines, standsAlone } from "../../tooling/inlines.ts";
import { library } from "../../tooling/tsup.ts";

const config: Options = {
  ...library({ entry: ["src/index.ts", "src/bootstrap.ts"] }),
  esbuildPlugins: [
    standsAlone(/src[/\\]bootstrap\.ts$/),
    inlines({
      file: /inlined-bootstrap\.ts$/,
      of: "bootstrap.ts",
      code: (text) => `export const inlinedBootstrap = ${text};`,
      name: "@quintet/threads/bootstrap.js",
    }),
  ],
};

export default config;
