import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf } from "./reason.ts";

/** Something that could not be read, and why. */
export interface Failure {
  readonly path: string;
  readonly reason: string;
}

/** The files of a folder. */
export interface Found {
  /** The folder, without links on the way to it. */
  readonly folder: string;
  /** Absolute paths, in the order of their names. */
  readonly files: readonly string[];
  /** Folders that could not be read. */
  readonly failures: readonly Failure[];
  /** Whether the folder holds more files than were asked for. */
  readonly isCut: boolean;
}

/** What to look for. */
export interface Search {
  readonly folder: string;
  /** How many files at most. */
  readonly limit: number;
  /** Which names count. Default: all. */
  readonly pattern?: RegExp | undefined;
  readonly signal: AbortSignal;
}

/**
 * Finds the files below a folder, hidden ones included. A link to a folder is not followed, a link to a file
 * counts unless the file itself does; pipes and devices are passed over, for they may never end.
 */
export async function findFiles({ folder, limit, pattern, signal }: Search): Promise<Found> {
  const files: string[] = [];
  const failures: Failure[] = [];
  const root = await realpath(folder);
  for await (const item of walk(root, new Set())) {
    signal.throwIfAborted();
    if (typeof item !== "string") failures.push(item);
    else if (pattern && !pattern.test(item)) continue;
    else if (files.length === limit) return { folder: root, files, failures, isCut: true };
    else files.push(item);
  }
  return { folder: root, files, failures, isCut: false };
}

async function* walk(folder: string, seen: Set<string>): AsyncGenerator<string | Failure> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => error);
  if (!Array.isArray(entries)) {
    yield { path: folder, reason: reasonOf(entries) };
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path, seen);
    else if (
      entry.isFile() ? isNew(path, seen) : entry.isSymbolicLink() && (await isNewLink(path, seen))
    ) {
      yield path;
    }
  }
}

function isNew(path: string, seen: Set<string>): boolean {
  if (seen.has(path)) return false;
  seen.add(path);
  return true;
}

/** A link that leads nowhere counts, so that reading it can say so. */
async function isNewLink(path: string, seen: Set<string>): Promise<boolean> {
  const target = await stat(path).catch(() => undefined);
  if (!target) return true;
  return target.isFile() && isNew(await realpath(path).catch(() => path), seen);
}
