import { readFileSync } from "node:fs";

/**
 * The file that a worker runs first, `bootstrap.js` beside the module `here`, if that is where its package was
 * installed. Nothing where a bundler has taken the module out of it: a file of that name beside a bundle would be the
 * application's own.
 */
export function bootstrapFile(packageName: string, here: string | undefined): URL | undefined {
  try {
    const manifest = readFileSync(new URL("../package.json", here), "utf8");
    if ((JSON.parse(manifest) as { name: unknown }).name !== packageName) return undefined;
    // A name in a variable, or bundlers would copy the file alone, without what it imports.
    const name = here?.endsWith(".ts") ? "./bootstrap.ts" : "./bootstrap.js";
    return new URL(name, here);
  } catch {
    return undefined;
  }
}

/** What is to be said where there is neither that file nor its text. `worker`: such as `"a thread"`. */
export function bootstrapMissing(
  worker: string,
  packageName: string,
  here: string | undefined,
  cause: unknown,
): string {
  return (
    `What ${worker} runs first was not found: there is no bootstrap.js of ${packageName} beside ` +
    `${here ?? "this bundle"}, and its text in the bundle could not be loaded (${String(cause)}). ` +
    `Keep all files that the bundler wrote together, or leave ${packageName} out of the bundle.`
  );
}
