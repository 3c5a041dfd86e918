import type * as childProcess from "node:child_process";
import type * as fs from "node:fs";
import type * as os from "node:os";
import type * as path from "node:path";
import type * as url from "node:url";
import type * as workerThreads from "node:worker_threads";

/** The modules of Node that the suite uses. */
interface NodeModules {
  "node:child_process": typeof childProcess;
  "node:fs": typeof fs;
  "node:os": typeof os;
  "node:path": typeof path;
  "node:url": typeof url;
  "node:worker_threads": typeof workerThreads;
}

interface NodeProcess {
  getBuiltinModule?<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined;
}

/**
 * A module of Node, looked up when it is needed: the tasks of the suite are also loaded in browsers, where
 * an import would fail.
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  const { process } = globalThis as { process?: NodeProcess };
  const found = process?.getBuiltinModule?.(name);
  if (!found) throw new Error(`This case needs ${name}, which only Node has.`);
  return found;
}
