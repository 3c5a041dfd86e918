import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Found } from "../find-files.ts";
import type { PlaceRun } from "../run-place.ts";
import { timelinePage } from "./page.ts";

/** Writes the timeline to a file, by default in a new folder for temporary files; gives its path. */
export async function writeTimeline(
  found: Found,
  runs: readonly PlaceRun[],
  out?: string,
): Promise<string> {
  const page = await timelinePage(found, runs);
  const path = out
    ? resolve(out)
    : join(await mkdtemp(join(tmpdir(), "quintet-")), "timeline.html");
  await writeFile(path, page);
  return path;
}
