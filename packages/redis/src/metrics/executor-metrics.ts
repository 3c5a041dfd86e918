import type { Durations, Executor, Stats } from "@quintet/core";
import type { Metric, Sample } from "./exposition.ts";

const states = ["waiting", "queued", "running"] as const;
const outcomes = ["completed", "failed", "cancelled"] as const;

/** What executors of this process count and time. */
export function executorMetrics(executors: Readonly<Record<string, Executor>>): Metric[] {
  const all = Object.entries(executors).map(([name, executor]): readonly [string, Stats] => [
    name,
    executor.stats(),
  ]);
  const of = (pick: (stats: Stats, labels: Labels) => Sample | readonly Sample[]): Sample[] =>
    all.flatMap(([executor, stats]) => pick(stats, { executor }));
  return [
    {
      name: "quintet_tasks",
      help: "Tasks that have not ended, by state.",
      type: "gauge",
      samples: of((stats, labels) =>
        states.map((state) => ({ labels: { ...labels, state }, value: stats[state] })),
      ),
    },
    {
      name: "quintet_tasks_ended_total",
      help: "Tasks that have ended, by outcome.",
      type: "counter",
      samples: of((stats, labels) =>
        outcomes.map((outcome) => ({ labels: { ...labels, outcome }, value: stats[outcome] })),
      ),
    },
    {
      name: "quintet_workers",
      help: "Workers that are up or starting.",
      type: "gauge",
      samples: of((stats, labels) => ({ labels, value: stats.workers })),
    },
    {
      name: "quintet_worker_restarts_total",
      help: "Workers that were lost or stopped in the middle of a task.",
      type: "counter",
      samples: of((stats, labels) => ({ labels, value: stats.restarts })),
    },
    {
      name: "quintet_task_wait_seconds",
      help: "From the moment a queue took a task to its start.",
      type: "summary",
      samples: of((stats, labels) => summary(stats.wait, labels)),
    },
    {
      name: "quintet_task_run_seconds",
      help: "How long functions ran, however they ended.",
      type: "summary",
      samples: of((stats, labels) => summary(stats.run, labels)),
    },
  ];
}

type Labels = Readonly<Record<string, string>>;

function summary({ count, mean, p50, p90, p99 }: Durations, labels: Labels): Sample[] {
  const quantiles = Object.entries({ "0.5": p50, "0.9": p90, "0.99": p99 }).map(
    ([quantile, duration]): Sample => ({
      labels: { ...labels, quantile },
      // Of nothing there is no quantile.
      value: count === 0 ? NaN : duration / 1_000,
    }),
  );
  return [
    ...quantiles,
    { labels, suffix: "_sum", value: (count * mean) / 1_000 },
    { labels, suffix: "_count", value: count },
  ];
}
