import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type CommandLine, UsageError } from "./command-line.ts";
import { defaultCorpus } from "./default-corpus.ts";
import { findFiles, type Found } from "./find-files.ts";
import { reasonOf } from "./reason.ts";

/** Finds the files that were asked for. *Errors*: `UsageError` when the folder is none. */
export async function openCorpus(
  { folder, limit }: CommandLine,
  signal: AbortSignal,
): Promise<Found> {
  if (folder === undefined) return findFiles({ ...defaultCorpus, limit, signal });
  const path = resolve(folder);
  const stats = await stat(path).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be opened: ${reasonOf(error)}.`);
  });
  if (stats.isDirectory()) return findFiles({ folder: path, limit, signal });
  throw new UsageError(`${path} is no folder. Give the folder that holds it.`);
}
