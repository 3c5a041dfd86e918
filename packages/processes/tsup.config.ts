import type { Options } from "tsup";
import { inlines, standsAlone } from "../../tooling/inlines.ts";
import { library } from "../../tooling/tsup.ts";

const recallThread = inlines({
  file: /recall-thread-url\.ts$/,
  of: "recall-thread.ts",
  code: (text) =>
    `export const recallThread = new URL("data:text/javascript," + encodeURIComponent(${text}));`,
  name: "@quintet/processes/recall-thread.js",
});

const config: Options = {
  ...library({ entry: ["src/index.ts", "src/bootstrap.ts", "src/recall-thread.ts"] }),
  esbuildPlugins: [
    standsAlone(/src[/\\]bootstrap\.ts$/),
    standsAlone(/src[/\\]recall-thread\.ts$/),
    inlines({
      file: /inlined-bootstrap\.ts$/,
      of: "bootstrap.ts",
      code: (text) => `export const inlinedBootstrap = ${text};`,
      name: "@quintet/processes/bootstrap.js",
      plugins: [recallThread],
    }),
  ],
};

export default config;
