import { dirname, join } from "node:path";
import type { Options } from "tsup";
import { library } from "../../tooling/tsup.ts";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Puts all that a thread runs first, as text, into the module that bundles take along. */
const inlinesBootstrap: Plugin = {
  name: "inlines-bootstrap",
  setup(build) {
    build.onLoad({ filter: /inlined-bootstrap\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await build.esbuild.build({
        entryPoints: [join(dirname(path), "bootstrap.ts")],
        conditions: ["@quintet/source"],
        bundle: true,
        write: false,
        format: "esm",
        platform: "node",
        target: "node22",
        legalComments: "none",
        minifySyntax: true,
        // Identifiers stay: errors travel by the names of their classes.
        minifyWhitespace: true,
        // Instead of the text itself, in stack traces.
        footer: { js: "//# sourceURL=@quintet/threads/bootstrap.js" },
      });
      const text = JSON.stringify(outputFiles[0]?.text);
      return { contents: `export const inlinedBootstrap = ${text};` };
    });
  },
};

const config: Options = {
  ...library({ entry: ["src/index.ts", "src/bootstrap.ts"] }),
  esbuildPlugins: [inlinesBootstrap],
};

export default config;
