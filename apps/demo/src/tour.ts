import type { CommandLine } from "./command-line.ts";
import type { Found } from "./find-files.ts";
import { files } from "./format.ts";
import { openCorpus } from "./open-corpus.ts";
import type { Place } from "./places.ts";
import { showProgress } from "./progress.ts";
import { readAhead } from "./read-ahead.ts";
import { reasonOf } from "./reason.ts";
import { report, reportFailures } from "./report.ts";
import { type PlaceRun, runPlace } from "./run-place.ts";
import { voiceOn } from "./voice.ts";

/** What the tour needs from outside. */
export interface TourOptions {
  readonly commandLine: CommandLine;
  readonly places: readonly Place[];
  /** Stops it; the tour then rejects with its reason. */
  readonly signal: AbortSignal;
  readonly output: NodeJS.WriteStream;
}

/**
 * Runs the job in every place, prints what came of it, and gives the exit code.
 * *Errors*: `UsageError` when the folder is none.
 */
export async function tour(options: TourOptions): Promise<number> {
  const { commandLine, places, signal, output } = options;
  const voice = voiceOn(output);
  const { print, complain } = voice;

  const found = await openCorpus(commandLine, signal);
  if (found.files.length === 0) {
    if (found.failures.length > 0) reportFailures(found.failures, found.folder, voice);
    else complain(`There are no files in ${found.folder}: nothing to do.`);
    return voice.exitCode;
  }
  print(described(found));
  print("Each is read, its words and lines are counted, it is compressed and hashed.\n");
  await readAhead(found.files, signal);

  const runs: PlaceRun[] = [];
  for (const place of places) {
    if (place.unavailable !== undefined) {
      print(`${place.name}: ${place.unavailable}`);
      continue;
    }
    try {
      runs.push(await runAndShow(place, found, runs[0], options));
    } catch (error) {
      signal.throwIfAborted();
      complain(`${place.name}: the job failed: ${reasonOf(error)}`);
    }
  }
  await report(found, runs, voice, commandLine.out);
  return voice.exitCode;
}

function described({ files: paths, folder, isCut }: Found): string {
  return isCut
    ? `The first ${files(paths.length)} of ${folder} (more with --limit).`
    : `${files(paths.length)} of ${folder}.`;
}

async function runAndShow(
  place: Place,
  found: Found,
  first: PlaceRun | undefined,
  { signal, output }: TourOptions,
): Promise<PlaceRun> {
  const total = found.files.length;
  const progress = showProgress({ title: place.name, total, baseline: first?.reached, output });
  try {
    return await runPlace(place, found, {
      signal,
      onProgress: (done, time) => progress.update(done, time),
    });
  } finally {
    progress.stop();
  }
}
