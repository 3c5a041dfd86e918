import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { count, files, seconds, times } from "../format.ts";
import type { Found } from "../find-files.ts";
import type { PlaceRun } from "../run-place.ts";
import { fileKind, kindNames } from "./file-kind.ts";
import { lanesOf, type Lane } from "./lanes.ts";

const slowestShown = 10;

const asset = (name: string): Promise<string> => readFile(join(import.meta.dirname, name), "utf8");

/**
 * Draws what each place did and when, as one HTML page that needs nothing else: no network, no other file.
 */
export async function timelinePage(found: Found, runs: readonly PlaceRun[]): Promise<string> {
  const names = found.files.map((file) => relative(found.folder, file));
  const places = runs.map((run) => ({ ...run, lanes: lanesOf(run.spans) }));
  const data = {
    kinds: kindNames,
    files: names,
    places: places.map(({ name, lanes }) => ({ name, lanes: lanes.map(chartLane(lanes, names)) })),
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Quintet: one job in every place</title>
<style>
${await asset("page.css")}</style>
</head>
<body>
<header>
<h1>One job in every place</h1>
<p>${files(found.files.length)} of <code>${escape(found.folder)}</code>: each is read, counted, compressed and hashed. A bar is one file, a lane is one worker; all places have the same time scale.</p>
<p class="legend">${kindNames.map((name, kind) => `<span class="key"><i class="kind-${kind}"></i>${name}</span>`).join("\n")}
<span class="key"><i class="failed"></i>failed</span></p>
<p class="controls"><button type="button" data-zoom="in">Zoom in</button> <button type="button" data-zoom="out">Zoom out</button> <button type="button" data-zoom="all">Show all</button>
Drag across a chart to zoom into that time; Ctrl and the wheel zoom too, Shift and the wheel move. Point at a bar for its file.</p>
</header>
<main>
${places.map((place, index) => section(place, index, runs[0]?.time ?? 0, names)).join("\n")}
</main>
<div id="tip" role="status" hidden></div>
<script id="data" type="application/json">${json(data)}</script>
<script type="module">
${await asset("chart.js")}</script>
</body>
</html>
`;
}

type DrawnPlace = PlaceRun & { readonly lanes: readonly Lane[] };

function section(
  place: DrawnPlace,
  index: number,
  baseline: number,
  names: readonly string[],
): string {
  const { name, time, lanes, summary } = place;
  const speedUp = index === 0 ? "" : `, ${times(baseline / time)} the speed of the first place`;
  const rows = Math.max(0, ...lanes.map((lane) => lane.rows));
  const note =
    rows > 1
      ? ` A lane with several rows has several tasks under way: up to ${rows}, of which one computes while the others wait for their files or their turn.`
      : "";
  return `<section>
<h2>${escape(name)}</h2>
<p>${files(summary.digests.length)} in ${seconds(time)}${speedUp}; ${lanes.length === 1 ? "1 lane" : `${count(lanes.length)} lanes`}.${note}</p>
<canvas data-place="${index}" role="img" tabindex="0" aria-label="When each task ran on ${escape(name)}; the table below lists the slowest."></canvas>
${slowest(lanes, names)}
</section>`;
}

function slowest(lanes: readonly Lane[], names: readonly string[]): string {
  const start = begin(lanes);
  const rows = lanes
    .flatMap((lane) => lane.spans)
    .sort((a, b) => b.ended - b.started - (a.ended - a.started))
    .slice(0, slowestShown)
    .map((span) => {
      const cells = [span.started - start, span.ended - span.started, span.started - span.queued];
      const outcome = span.outcome === "completed" ? "" : ` (${span.outcome})`;
      return `<tr><td>${escape(names[span.index] ?? "")}${outcome}</td><td>${escape(span.lane)}</td>${cells.map((value) => `<td>${value.toFixed(1)}</td>`).join("")}</tr>`;
    });
  return `<details><summary>The ${rows.length} slowest files</summary>
<table><thead><tr><th>File</th><th>Lane</th><th>Started at, ms</th><th>Took, ms</th><th>Waited before, ms</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody></table></details>`;
}

/** When the first task of a place was queued: its zero. */
function begin(lanes: readonly Lane[]): number {
  return lanes
    .flatMap((lane) => lane.spans)
    .reduce((least, { queued }) => Math.min(least, queued), Infinity);
}

/** A lane as the script gets it: columns of numbers, in hundredths of a millisecond. */
function chartLane(lanes: readonly Lane[], names: readonly string[]): (lane: Lane) => object {
  const zero = begin(lanes);
  const at = (time: number): number => Math.round((time - zero) * 100);
  return ({ name, rows, spans }) => ({
    name,
    rows,
    file: spans.map((span) => span.index),
    kind: spans.map((span) =>
      span.outcome === "completed" ? fileKind(names[span.index] ?? "") : -1,
    ),
    row: spans.map((span) => span.row),
    queued: spans.map((span) => at(span.queued)),
    started: spans.map((span) => at(span.started)),
    ended: spans.map((span) => at(span.ended)),
  });
}

/** JSON that cannot end the script element it stands in. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
