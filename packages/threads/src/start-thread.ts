import { Worker, type WorkerOptions } from "node:worker_threads";
import { bootstrapFile, bootstrapMissing } from "@quintet/pool/bootstrap-file";

const packageName = "@quintet/threads";

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
    (cause: unknown) => {
      const error = new Error(bootstrapMissing("a thread", packageName, here, cause));
      worker.postMessage({ error });
    },
  );
  return worker;
}

/** Whether a thread comes up only when the thread that starts it goes on. */
export function startsWithCaller(): boolean {
  return (bootstrap ??= bootstrapFile(packageName, here) ?? "inlined") === "inlined";
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
