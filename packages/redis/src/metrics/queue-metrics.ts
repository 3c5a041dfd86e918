import type { QueueInfo } from "../command-line/queue-admin.ts";
import type { Metric, Sample } from "./exposition.ts";

const states = ["waiting", "delayed", "running", "dead"] as const;

/** What Redis knows of a queue; that it does not answer, where there is nothing. */
export function queueMetrics(queue: string, info: QueueInfo | undefined): Metric[] {
  const labels = { queue };
  const up = gauge("quintet_redis_up", "Whether Redis has answered.", [
    { labels, value: info ? 1 : 0 },
  ]);
  if (!info) return [up];
  const { paused, workers } = info;
  const sum = (of: "concurrency" | "running"): number =>
    workers.reduce((total, worker) => total + worker[of], 0);
  const one = (name: string, help: string, value: number): Metric =>
    gauge(name, help, [{ labels, value }]);
  return [
    up,
    gauge(
      "quintet_queue_jobs",
      "Jobs of one or more tasks each, by state; dead ones have failed and wait to be looked at.",
      states.map((state) => ({ labels: { ...labels, state }, value: info[state] })),
    ),
    one("quintet_queue_paused", "Whether workers fetch nothing more.", paused ? 1 : 0),
    one("quintet_queue_workers", "Workers that serve the queue.", workers.length),
    one("quintet_queue_slots", "Tasks that they run at a time, at most.", sum("concurrency")),
    one("quintet_queue_tasks_running", "Tasks that they run.", sum("running")),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: "gauge", samples };
}
