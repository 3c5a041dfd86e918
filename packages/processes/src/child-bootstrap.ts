import { readFileSync } from "node:fs";
import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";

/** Where this module is; a bundle in CommonJS cannot say it. */
const here = import.meta.url as string | undefined;

/** Its path; `null` where only the text is to be had. */
let file: string | null | undefined;

/**
 * What a child process runs first, as arguments of Node: a file beside this module, or, where a bundler has taken this
 * module out of its package, the text that came along, which `sendBootstrap` writes to its stdin.
 */
export function bootstrapArguments(): readonly string[] {
  if (file === undefined) file = bootstrapFile();
  return file === null ? ["--input-type=module", "-"] : [file];
}

/** Whether it waits for the text. */
export function needsBootstrap(): boolean {
  return file === null;
}

/** Sends the text. It is imported when it is needed, so that it costs nothing where there is the file. */
export function sendBootstrap(stdin: Writable): void {
  // A child that has ended reads nothing; that it has is told by its exit.
  stdin.on("error", () => {});
  import("./inlined-bootstrap.ts").then(
    ({ inlinedBootstrap }) => stdin.end(inlinedBootstrap),
    (cause: unknown) => stdin.end(`throw new Error(${JSON.stringify(notFound(cause))});`),
  );
}

/** The file, if this module is where it was installed. */
function bootstrapFile(): string | null {
  try {
    // Beside a bundle, a file of the same name would be the application's own.
    const manifest = readFileSync(new URL("../package.json", here), "utf8");
    if ((JSON.parse(manifest) as { name: unknown }).name !== "@quintet/processes") return null;
    // A name in a variable, or bundlers would copy the file alone, without what it imports.
    const name = here?.endsWith(".ts") ? "./bootstrap.ts" : "./bootstrap.js";
    return fileURLToPath(new URL(name, here));
  } catch {
    return null;
  }
}

const notFound = (cause: unknown): string =>
  `What a child process runs first was not found: there is no bootstrap.js of @quintet/processes beside ` +
  `${here ?? "this bundle"}, and its text in the bundle could not be loaded (${String(cause)}). ` +
  `Keep all files that the bundler wrote together, or leave @quintet/processes out of the bundle.`;
