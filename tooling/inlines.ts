import { dirname, join } from "node:path";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** A module that stands for the text of another one, with all that this imports, beside Node's own. */
export interface Inlined {
  /** The file that is replaced. */
  readonly file: RegExp;
  /** The file whose text it gives. */
  readonly of: string;
  /** The code of the replacement; `text` is a string literal. */
  readonly code: (text: string) => string;
  /** What stack traces call it. */
  readonly name: string;
  /** What is replaced in there. */
  readonly plugins?: readonly Plugin[];
}

/** Puts what a worker runs first, as text, into a module that bundles take along. */
export function inlines({ file, of, code, name, plugins = [] }: Inlined): Plugin {
  return {
    name: `inlines ${of}`,
    setup(build) {
      build.onLoad({ filter: file }, async ({ path }) => {
        const { outputFiles } = await build.esbuild.build({
          entryPoints: [join(dirname(path), of)],
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
          footer: { js: `//# sourceURL=${name}` },
          plugins: [...plugins],
        });
        return { contents: code(JSON.stringify(outputFiles[0]?.text)) };
      });
    },
  };
}
