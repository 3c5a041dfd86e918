import { Worker, type WorkerOptions } from "node:worker_threads";

/** Beside this module, as source and as published. */
const bootstrap: URL = new URL(
  import.meta.url.endsWith(".ts") ? "./bootstrap.ts" : "./bootstrap.js",
  import.meta.url,
);

/** Starts a thread; the only place that knows what it runs first. */
export function startThread(options: WorkerOptions): Worker {
  return new Worker(bootstrap, options);
}
