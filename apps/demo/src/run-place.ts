import type { Executor } from "@quintet/core";
import { corpus } from "./corpus.tasks.ts";
import type { Found } from "./find-files.ts";
import type { Place } from "./places.ts";
import { recordSpans, type Span } from "./record-spans.ts";
import { Summary } from "./summary.ts";
import { takeTurns } from "./take-turns.ts";

/** How the job went in one place. Times are milliseconds. */
export interface PlaceRun {
  readonly name: string;
  /** 0 where tasks run in the caller's own thread. */
  readonly workers: number;
  /** From opening the place until its workers were up. */
  readonly startUp: number;
  /** From the first task to the last result. */
  readonly time: number;
  /** When so many files were done. */
  readonly reached: readonly number[];
  readonly summary: Summary;
  readonly spans: readonly Span[];
  /** How many of the tasks that took turns had theirs at the same time. */
  readonly mostTurns: number;
}

/** Options of `runPlace`. */
export interface PlaceRunOptions {
  readonly signal: AbortSignal;
  /** Told of the number of files done and the milliseconds it took: once the workers are up, and after each file. */
  readonly onProgress: (done: number, time: number) => void;
}

/** Runs the job in one place, and leaves nothing of it behind. */
export async function runPlace(
  { name, open }: Place,
  found: Found,
  options: PlaceRunOptions,
): Promise<PlaceRun> {
  const opened = performance.now();
  const executor = open();
  const recording = recordSpans(executor.name);
  try {
    await executor.ready();
    const startUp = performance.now() - opened;
    const { workers } = executor.stats();
    const { summary, reached } = await countAll(executor, found, options);
    recording.stop();
    const mostTurns = await takeTurns(executor, options.signal);
    await executor.close();
    const time = reached.at(-1) ?? 0;
    const { spans } = recording;
    return { name, workers, startUp, time, reached, summary, spans, mostTurns };
  } finally {
    recording.stop();
    await executor.close({ cancel: true, deadline: 1_000 });
  }
}

async function countAll(
  executor: Executor,
  { folder, files }: Found,
  { signal, onProgress }: PlaceRunOptions,
): Promise<Pick<PlaceRun, "summary" | "reached">> {
  const summary = new Summary(folder);
  const reached = [0];
  const begun = performance.now();
  onProgress(0, 0);
  // In order, one long file would hold up all that come after it.
  const outcomes = executor.map(corpus.file, files, { settle: true, ordered: false, signal });
  for await (const outcome of outcomes) {
    const { index } = outcome;
    if (outcome.status === "fulfilled") summary.add(index, outcome.value);
    else summary.fail(index, files[index] ?? "", outcome.reason);
    const time = performance.now() - begun;
    onProgress(reached.push(time) - 1, time);
  }
  return { summary, reached };
}
