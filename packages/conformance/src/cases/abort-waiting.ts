import type { Executor, RunOptions } from "@quintet/core";
import { alike, later, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { tasks } from "../tasks.ts";

const falsyReasons = [0, "", false, null, Number.NaN] as const;

/** Every way to start a task with a signal. */
function starts(executor: Executor, log: string, options: RunOptions): Promise<unknown>[] {
  const job = executor.submit(tasks.mark, { log }, options);
  return [
    executor.run(tasks.mark, { log }, options),
    job.result,
    job.accepted,
    executor.map(tasks.mark, [{ log }], { signal: options.signal }).toArray(),
    executor.stream(tasks.produce, { log, length: 1 }, options).next(),
  ].map(later);
}

export const abortWaitingCases: readonly ConformanceCase[] = [
  {
    id: "abort.before",
    title: "A signal that has aborted rejects with its very reason, and nothing is sent",
    run: async (stage) => {
      const executor = await stage.executor();
      const log = stage.log();
      const reason = new Error("too late");
      const runs = starts(executor, log.path, { signal: AbortSignal.abort(reason) });
      for (const run of runs) same(await rejection(run), reason, "The reason");
      same(await executor.run(tasks.echo, 1), 1);
      alike(log.lines(), [], "What ran");
    },
  },
  {
    id: "abort.default-reason",
    title: "An abort without a reason rejects with the AbortError the signal has made",
    run: async (stage) => {
      const executor = await stage.executor();
      const signal = AbortSignal.abort();
      same(await rejection(executor.run(tasks.echo, 1, { signal })), signal.reason, "The reason");
    },
  },
  {
    id: "abort.falsy-reason",
    title: "Reasons such as 0, null and an empty text arrive as they are in every state",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      for (const reason of falsyReasons) {
        const before = AbortSignal.abort(reason);
        same(await rejection(executor.run(tasks.echo, 1, { signal: before })), reason, "Before");
        const running = new AbortController();
        const held = await stage.hold(executor, { signal: running.signal });
        const queued = new AbortController();
        const waiting = later(executor.run(tasks.echo, 1, { signal: queued.signal }));
        queued.abort(reason);
        same(await rejection(waiting), reason, "In the queue");
        running.abort(reason);
        same(await rejection(held.result), reason, "While it ran");
        await held.log.has("hold cancelled");
      }
    },
  },
  {
    id: "abort.queued",
    title: "An aborted task leaves the queue and never runs; its neighbours do",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const held = await stage.hold(executor);
      const log = stage.log();
      const controller = new AbortController();
      const errand = (name: string): { log: string; name: string } => ({ log: log.path, name });
      const before = executor.run(tasks.mark, errand("before"));
      const { signal } = controller;
      const middle = later(executor.run(tasks.mark, errand("middle"), { signal }));
      const after = executor.run(tasks.mark, errand("after"));
      same(executor.stats().queued, 3, "The number of queued tasks");
      const reason = { not: "an error" };
      controller.abort(reason);
      same(executor.stats().queued, 2, "The number of queued tasks");
      same(await rejection(middle), reason, "The reason");
      held.open();
      await Promise.all([before, after]);
      alike(log.lines(), ["before", "after"], "What ran");
    },
  },
  {
    id: "abort.queued-all",
    title: "After everything that waited was aborted, the next task runs",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const held = await stage.hold(executor);
      const controller = new AbortController();
      const { signal } = controller;
      const aborted = [1, 2, 3].map((n) => later(executor.run(tasks.echo, n, { signal })));
      const next = executor.run(tasks.echo, 4);
      controller.abort("all of you");
      for (const run of aborted) same(await rejection(run), "all of you", "The reason");
      held.open();
      same(await next, 4);
    },
  },
  {
    id: "abort.queued-and-running",
    title: "Aborting the running task and a waiting one together leaves the others to run",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const controller = new AbortController();
      const { signal } = controller;
      const held = await stage.hold(executor, { signal });
      const waiting = later(executor.run(tasks.echo, 1, { signal }));
      const next = executor.run(tasks.echo, 2);
      controller.abort("both");
      same(await rejection(held.result), "both", "The reason of the running task");
      same(await rejection(waiting), "both", "The reason of the waiting task");
      same(await next, 2);
    },
  },
  {
    id: "abort.settled",
    title: "An abort after the task has settled does nothing",
    run: async (stage) => {
      const executor = await stage.executor();
      const controller = new AbortController();
      const job = executor.submit(tasks.echo, 1, { signal: controller.signal });
      same(await job.result, 1);
      const { cancelled } = executor.stats();
      controller.abort("too late");
      job.cancel("too late as well");
      same(await job.result, 1, "The result");
      same(job.state, "completed", "The state");
      same(executor.stats().cancelled, cancelled, "The number of cancelled tasks");
    },
  },
  {
    id: "abort.many",
    title: "One signal cancels 500 tasks in every state, with the same reason",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const controller = new AbortController();
      const { signal } = controller;
      const held = await stage.hold(executor, { signal });
      const runs = Array.from({ length: 500 }, (_, n) =>
        later(executor.run(tasks.echo, n, { signal })),
      );
      const reason = new Error("everybody");
      controller.abort(reason);
      const outcomes = await Promise.allSettled([held.result, ...runs]);
      for (const outcome of outcomes) {
        // Those that were quicker than the abort have their result.
        if (outcome.status === "rejected") same(outcome.reason, reason, "The reason");
      }
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
];
