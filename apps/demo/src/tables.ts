import Table from "cli-table3";
import { count, counted, files, rate, seconds, size, times } from "./format.ts";
import type { PlaceRun } from "./run-place.ts";
import type { Summary } from "./summary.ts";

/** How many digits of a checksum are shown. */
const shown = 12;

/** The places side by side; the first is what the others are measured by. */
export function placesTable(runs: readonly PlaceRun[]): string {
  const table = new Table({
    head: ["Place", "Workers", "Start-up", "Time", "Speed", "Speed-up", "Checksum"],
    colAligns: ["left", "right", "right", "right", "right", "right", "left"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const { name, workers, startUp, time, summary } of runs) {
    table.push([
      name,
      workers === 0 ? "–" : count(workers),
      `${count(startUp)} ms`,
      seconds(time),
      rate(summary.digests.length, time),
      times((runs[0]?.time ?? time) / time),
      summary.checksum.slice(0, shown),
    ]);
  }
  return table.toString();
}

/** The sums over all files, a few in each line. */
export function totals(summary: Summary): string[] {
  const { bytes, gzipped, lines, words, binaries } = summary;
  const share = bytes === 0 ? "" : ` (${count((100 * gzipped) / bytes)} %)`;
  const binary = binaries > 0 ? [`${count(binaries)} binary`] : [];
  return [
    [files(summary.files), ...binary, `${size(bytes)}, compressed ${size(gzipped)}${share}`],
    [counted(lines, "line"), counted(words, "word")],
  ].map((line) => line.join(" · "));
}

/** The most frequent words, with how often they occur, a few in each line. */
export function topWords(summary: Summary): string[] {
  const words = summary.topWords(10).map(([word, found]) => `${word} ${count(found)}`);
  return [words.slice(0, 5), words.slice(5)]
    .filter((line) => line.length > 0)
    .map((line) => line.join(" · "));
}
