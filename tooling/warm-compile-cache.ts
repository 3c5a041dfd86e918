/**
 * Before the tests: has Node strip the types of what worker threads load, once and in a process of its own,
 * into the compile cache. Node strips with WebAssembly, and V8 can abort a whole process
 * ("Check failed: jit_page.has_value()") in which threads that used it come and go by the hundred.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What the threads of the tests load again and again. */
const files = [
  "packages/threads/src/threads.ts",
  "packages/threads/test/task-files/work.tasks.ts",
  "packages/processes/src/processes.ts",
  "packages/conformance/src/tasks.ts",
  "apps/demo/src/corpus.tasks.ts",
];

/** What workers start with; anywhere else it fails once it is loaded. */
const bootstraps = ["packages/threads/src/bootstrap.ts", "packages/processes/src/order-thread.ts"];

const url = (file: string): string =>
  JSON.stringify(pathToFileURL(join(import.meta.dirname, "..", file)));

/** Vitest calls it once, before all test files. */
export function setup(): void {
  const lines = files.map((file) => `import ${url(file)};`);
  const starts = bootstraps.map((file) => `await import(${url(file)}).catch(() => {});`);
  const program = [...lines, ...starts].join("\n");
  const options = ["--conditions=@quintet/source", "--input-type=module", "--eval", program];
  const { status, stderr } = spawnSync(process.execPath, options, { encoding: "utf8" });
  if (status !== 0) throw new Error(`The compile cache could not be warmed:\n${stderr}`);
}
