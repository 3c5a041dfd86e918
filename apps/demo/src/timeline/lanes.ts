import type { Span } from "../record-spans.ts";

/** A task that ran, in the row of its lane where it is drawn. */
export interface PlacedSpan extends Required<Span> {
  /** Its number among the inputs. */
  readonly index: number;
  readonly row: number;
}

/** The tasks of one worker. */
export interface Lane {
  readonly name: string;
  /** How many tasks were under way at once at most. */
  readonly rows: number;
  readonly spans: readonly PlacedSpan[];
}

/**
 * One lane for each worker. A worker that has several tasks under way gets as many rows:
 * each task takes the first row that is free when it starts.
 */
export function lanesOf(spans: readonly Span[]): Lane[] {
  const byName = new Map<string, { ends: number[]; spans: PlacedSpan[] }>();
  const ran = spans
    .map((span, index) => ({ ...span, index }))
    .filter(
      (span): span is Required<Span> & { index: number } =>
        span.started !== undefined && span.ended !== undefined,
    )
    .sort((a, b) => a.started - b.started);
  for (const span of ran) {
    const lane = byName.get(span.lane) ?? { ends: [], spans: [] };
    byName.set(span.lane, lane);
    const free = lane.ends.findIndex((end) => end <= span.started);
    const row = free === -1 ? lane.ends.length : free;
    lane.ends[row] = span.ended;
    lane.spans.push({ ...span, row });
  }
  return [...byName]
    .map(([name, lane]) => ({ name, rows: lane.ends.length, spans: lane.spans }))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}
