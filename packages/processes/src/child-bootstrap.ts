import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { bootstrapFile, bootstrapMissing } from "@quintet/pool/bootstrap-file";

const packageName = "@quintet/processes";

/** Where this module is; a bundle in CommonJS cannot say it. */
const here = import.meta.url as string | undefined;

/** Its file; `null` where only the text is to be had. */
let file: URL | null | undefined;

/**
 * What a child process runs first, as arguments of Node: a file beside this module, or, where a bundler has taken this
 * module out of its package, the text that came along, which `sendBootstrap` writes to its stdin.
 */
export function bootstrapArguments(): readonly string[] {
  if (file === undefined) file = bootstrapFile(packageName, here) ?? null;
  return file === null ? ["--input-type=module", "-"] : [fileURLToPath(file)];
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
    (cause: unknown) => {
      const message = bootstrapMissing("a child process", packageName, here, cause);
      stdin.end(`throw new Error(${JSON.stringify(message)});`);
    },
  );
}
