import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Executor } from "@quintet/core";
import { UsageError } from "./arguments.ts";

const kinds: Readonly<Record<string, { readonly module: string; readonly make: string }>> = {
  "event-loop": { module: "@quintet/async", make: "eventLoop" },
  threads: { module: "@quintet/threads", make: "threads" },
  processes: { module: "@quintet/processes", make: "processes" },
};

/** `threads:4` and the like. The executor is that of the project in which the command runs. */
export async function openExecutor(text: string): Promise<{ on: Executor; size: number }> {
  const [kind = "", number = "1"] = text.split(":");
  const found = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  const size = Number(number);
  if (!found || !Number.isSafeInteger(size) || size < 1) {
    throw new UsageError(
      `--on takes ${Object.keys(kinds).join(", ")}, each with :N, got ${JSON.stringify(text)}`,
    );
  }
  const { module, make } = found;
  let path: string;
  try {
    path = createRequire(resolve("package.json")).resolve(module);
  } catch {
    throw new UsageError(`--on ${kind} needs ${module}: npm install ${module}`);
  }
  const exports = (await import(pathToFileURL(path).href)) as Record<
    string,
    (options: object) => Executor
  >;
  const options = kind === "event-loop" ? { concurrency: size } : { size };
  return { on: exports[make]!(options), size };
}
