import { dirname, join } from "node:path";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];
type PluginBuild = Parameters<Plugin["setup"]>[0];
type BuildOptions = PluginBuild["initialOptions"];

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
  readonly plugins?: Plugin[];
}

/** Puts what a worker runs first, as text, into a module that bundles take along. */
export function inlines({ file, of, code, name, plugins = [] }: Inlined): Plugin {
  return {
    name: `inlines ${of}`,
    setup(build) {
      build.onLoad({ filter: file }, async ({ path }) => {
        // Its footer stands for the text itself in stack traces.
        const footer = { js: `//# sourceURL=${name}` };
        const text = await whole(build, join(dirname(path), of), { footer, plugins });
        return { contents: code(JSON.stringify(text)) };
      });
    },
  };
}

/** Makes an entry one file with all that it imports, beside Node's own: a worker loads that in half the time. */
export function standsAlone(file: RegExp): Plugin {
  return {
    name: `${file} stands alone`,
    setup(build) {
      build.onLoad({ filter: file }, async ({ path }) => ({
        contents: await whole(build, path, {}),
        loader: "js",
      }));
    },
  };
}

/** A module with all that it imports, as one text. */
async function whole(
  build: PluginBuild,
  entry: string,
  options: Pick<BuildOptions, "footer" | "plugins">,
): Promise<string> {
  const { outputFiles } = await build.esbuild.build({
    entryPoints: [entry],
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
    ...options,
  });
  return outputFiles[0]?.text ?? "";
}
