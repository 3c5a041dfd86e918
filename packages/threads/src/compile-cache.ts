import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";

/**
 * The folder of the compile cache that the caller's program has turned on, which a thread does not inherit as it
 * does `NODE_COMPILE_CACHE`. Node keeps each version of itself apart in a folder below.
 */
export function callersCompileCache(env: NodeJS.Dict<string> = process.env): string | undefined {
  if (env["NODE_COMPILE_CACHE"]) return undefined;
  const folder = getCompileCacheDir();
  return folder === undefined ? undefined : dirname(folder);
}
