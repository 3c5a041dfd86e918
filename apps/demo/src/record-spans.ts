import { onTrace, type TraceEvent } from "@quintet/core";

/** One task's life. Times are milliseconds on the executor's clock. */
export interface Span {
  /** Where it ran. */
  lane: string;
  readonly queued: number;
  started?: number;
  ended?: number;
  outcome?: TraceEvent["outcome"];
}

/** What the trace told of one executor. */
export interface Recording {
  /** In the order in which the tasks were queued, which for a map is that of its inputs. */
  readonly spans: readonly Span[];
  stop(): void;
}

/** Notes down when and where each task of an executor ran, until it is stopped. */
export function recordSpans(executor: string): Recording {
  const spans = new Map<string, Span>();
  const stop = onTrace((event) => {
    if (event.executor === executor) note(spans, event);
  });
  return {
    stop,
    get spans() {
      return [...spans.values()];
    },
  };
}

function note(spans: Map<string, Span>, { type, job, lane, time, outcome }: TraceEvent): void {
  if (type === "queued") spans.set(job, { lane, queued: time });
  const span = spans.get(job);
  if (!span) return;
  if (type === "started") Object.assign(span, { lane, started: time });
  if (type === "settled") Object.assign(span, { ended: time, outcome });
}
