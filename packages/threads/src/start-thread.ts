import { readFileSync } from "node:fs";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** Where this module is; a bundle in CommonJS cannot say it. */
const here = import.meta.url as string | undefined;

let bootstrap: URL | "inlined" | undefined;

/**
 * Starts a thread; the only place that knows what it runs first. That is a file beside this module, or, where
 * a bundler has taken this module out of its package, the text that came along.
 */
export function startThread(options: WorkerOptions): Worker {
  if (!startsWithCaller()) return new Worker(bootstrap as URL, options);
  const worker = new Worker(asModule(waiting), options);
  // Imported when it is needed, so that the text costs nothing where there is the file.
  import("./inlined-bootstrap.ts").then(
    ({ inlinedBootstrap }) => worker.postMessage({ url: asModule(inlinedBootstrap).href }),
    (cause: unknown) => worker.postMessage({ error: notFound(cause) }),
  );
  return worker;
}

/** Whether a thread comes up only when the thread that starts it goes on. */
export function startsWithCaller(): boolean {
  return (bootstrap ??= bootstrapFile() ?? "inlined") === "inlined";
}

/** What a thread runs until the text of the bootstrap arrives. */
const waiting = `
import { parentPort } from "node:worker_threads";
parentPort.once("message", ({ url, error }) => {
  if (error) throw error;
  import(url);
});`;

const asModule = (source: string): URL =>
  new URL(`data:text/javascript,${encodeURIComponent(source)}`);

/** The file, if this module is where it was installed. */
function bootstrapFile(): URL | undefined {
  try {
    // Beside a bundle, a file of the same name would be the application's own.
    const manifest = readFileSync(new URL("../package.json", here), "utf8");
    if ((JSON.parse(manifest) as { name: unknown }).name !== "@quintet/threads") return undefined;
    // A name in a variable, or bundlers would copy the file alone, without what it imports.
    const name = here?.endsWith(".ts") ? "./bootstrap.ts" : "./bootstrap.js";
    return new URL(name, here);
  } catch {
    return undefined;
  }
}

function notFound(cause: unknown): Error {
  return new Error(
    `What a thread runs first was not found: there is no bootstrap.js of @quintet/threads beside ` +
      `${here ?? "this bundle"}, and its text in the bundle could not be loaded (${String(cause)}). ` +
      `Keep all files that the bundler wrote together, or leave @quintet/threads out of the bundle.`,
  );
}
