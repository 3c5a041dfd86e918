import { type Executor, onTrace, type TraceEvent } from "@quintet/core";
import { alike, later, ok, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { elsewhere, here } from "../needs.ts";
import type { Stage } from "../stage.ts";
import { tasks } from "../tasks.ts";

/** What the trace says of one task. */
async function traceOf(
  stage: Stage,
  { name }: Executor,
  task: string,
  run: (told: (type: TraceEvent["type"]) => Promise<void>) => Promise<unknown>,
): Promise<Pick<TraceEvent, "type" | "outcome">[]> {
  const events: TraceEvent[] = [];
  const stop = onTrace((event) => {
    if (event.executor === name && event.task === `conformance.${task}`) events.push(event);
  });
  const told = (type: TraceEvent["type"]): Promise<void> =>
    stage.until(() => events.some((event) => event.type === type), `that it is ${type}`);
  try {
    await run(told);
    await told("settled");
  } finally {
    stop();
  }
  const times = events.map(({ time }) => time);
  alike(
    times.toSorted((a, b) => a - b),
    times,
    "The times of the steps",
  );
  same(new Set(events.map(({ job }) => job)).size, 1, "The number of ids");
  return events.map(({ type, outcome }) => (outcome ? { type, outcome } : { type }));
}

export const statsCases: readonly ConformanceCase[] = [
  {
    id: "stats.counts",
    title: "Statistics count what waits, runs, has completed, failed and was cancelled",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, maxQueue: 3, grace: 60_000 });
      const fresh = { waiting: 0, queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
      const counts = (): object => {
        const { waiting, queued, running, completed, failed, cancelled } = executor.stats();
        return { waiting, queued, running, completed, failed, cancelled };
      };
      alike(counts(), fresh, "At first");
      const controller = new AbortController();
      const held = await stage.hold(executor, { signal: controller.signal });
      const failing = later(executor.run(tasks.fail, "TypeError"));
      const { signal } = controller;
      const jobs = [executor.run(tasks.echo, 1), executor.run(tasks.echo, 2, { signal })].map(
        later,
      );
      const waiting = executor.submit(tasks.echo, 3).result;
      alike(counts(), { ...fresh, waiting: 1, queued: 3, running: 1 }, "While a task runs");
      controller.abort("two of them");
      await Promise.all([rejection(held.result), rejection(failing), jobs[0], waiting]);
      await rejection(jobs[1] as Promise<unknown>);
      await stage.until(() => executor.stats().running === 0, "the end of the task");
      alike(counts(), { ...fresh, completed: 2, failed: 1, cancelled: 2 }, "In the end");
    },
  },
  {
    id: "stats.durations",
    title: "Statistics tell how long tasks waited for their start, and how long they ran",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const none = { count: 0, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 };
      alike(executor.stats().wait, none, "The waits at first");
      alike(executor.stats().run, none, "The runs at first");
      const held = await stage.hold(executor);
      const queued = executor.run(tasks.echo, 1);
      await stage.moment();
      held.open();
      await Promise.all([held.result, queued]);
      await stage.until(() => executor.stats().running === 0, "the end of the task");
      const after = executor.stats();
      for (const [what, { count, mean, p50, p90, p99, max }] of [
        ["waits", after.wait],
        ["runs", after.run],
      ] as const) {
        same(count, 2, `The number of ${what}`);
        // A timer may be early by a fraction of what it is late.
        ok(max > 20 && mean > 10, `Of the ${what} the longest is ${max} ms, and the mean ${mean}.`);
        const inOrder = p50 <= p90 && p90 <= p99 && p99 <= max;
        ok(inOrder, `The ${what} have percentiles of ${p50}, ${p90}, ${p99} and ${max} ms.`);
      }
    },
  },
  {
    id: "stats.durations-ended",
    title: "What fails is measured, and so is what was cancelled, until its function has ended",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, grace: 60_000 });
      await rejection(executor.run(tasks.fail, "TypeError"));
      const controller = new AbortController();
      const held = await stage.hold(executor, { task: "deaf", signal: controller.signal });
      const queued = later(executor.run(tasks.echo, 1, { signal: controller.signal }));
      controller.abort("both");
      await Promise.all([rejection(held.result), rejection(queued)]);
      same(executor.stats().run.count, 1, "The number of runs while one goes on");
      await stage.moment();
      held.open();
      await stage.until(() => executor.stats().running === 0, "the end of the task");
      const { wait, run } = executor.stats();
      alike([wait.count, run.count], [2, 2], "The number of waits and runs");
      ok(run.max > 20, `The longest ran for ${run.max} ms.`);
    },
  },
  {
    id: "stats.workers-none",
    title: "An executor without workers counts none",
    needs: [here],
    run: async (stage) => {
      const executor = await stage.executor();
      await executor.run(tasks.echo, 1);
      const { workers, restarts } = executor.stats();
      alike({ workers, restarts }, { workers: 0, restarts: 0 });
    },
  },
  {
    id: "stats.workers",
    title: "Statistics count the workers, and those that were lost",
    needs: [elsewhere],
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      await executor.run(tasks.echo, 1);
      same(executor.stats().workers, 1, "The number of workers");
      await rejection(executor.run(tasks.exit, 1));
      await executor.run(tasks.echo, 1);
      const { workers, restarts } = executor.stats();
      alike({ workers, restarts }, { workers: 1, restarts: 1 });
    },
  },
  {
    id: "ready.resolves",
    title: "ready() resolves, however often it is asked, before and after tasks",
    run: async (stage) => {
      const executor = await stage.fresh();
      await Promise.all([executor.ready(), executor.ready()]);
      same(await executor.run(tasks.echo, 1), 1);
      same(await executor.ready(), undefined);
      const other = await stage.fresh();
      const run = other.run(tasks.echo, 2);
      await other.ready();
      same(await run, 2);
    },
  },
  {
    id: "trace.completed",
    title: "The trace tells when a task is queued, starts, reports and settles, each once",
    run: async (stage) => {
      const executor = await stage.executor();
      const report = (): Promise<unknown> => executor.run(tasks.report, ["a"], { onProgress() {} });
      alike(await traceOf(stage, executor, "report", report), [
        { type: "queued" },
        { type: "started" },
        { type: "progress" },
        { type: "settled", outcome: "completed" },
      ]);
      const fail = (): Promise<unknown> => rejection(executor.run(tasks.fail, "TypeError"));
      const failed = await traceOf(stage, executor, "fail", fail);
      alike(failed.at(-1), { type: "settled", outcome: "failed" });
    },
  },
  {
    id: "trace.retried",
    title: "The trace tells when a task starts again after its worker was lost",
    needs: [elsewhere],
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const retry = (): Promise<unknown> => executor.run(tasks.exitOnce, {}, { retries: 1 });
      const steps = await traceOf(stage, executor, "exitOnce", retry);
      alike(
        steps.map(({ type }) => type),
        ["queued", "started", "retried", "started", "settled"],
      );
      alike(steps.at(-1), { type: "settled", outcome: "completed" });
    },
  },
  {
    id: "trace.cancelled",
    title: "The trace tells when a task is aborted, and when it has ended",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1, grace: 60_000 });
      const controller = new AbortController();
      const { signal } = controller;
      const steps = await traceOf(stage, executor, "hold", async (told) => {
        const held = await stage.hold(executor, { signal });
        // It runs, which the caller may hear of later.
        await told("started");
        controller.abort("enough");
        await rejection(held.result);
      });
      alike(
        steps.map(({ type }) => type),
        ["queued", "started", "aborted", "settled"],
      );
      ok(steps.at(-1)?.outcome === "cancelled", "It has not settled as cancelled.");
    },
  },
];
