import { alike, later, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { numbers } from "../supply.ts";
import { tasks } from "../tasks.ts";

export const progressCases: readonly ConformanceCase[] = [
  {
    id: "progress.order",
    title: "What a task reports arrives in order, whole, and before its result",
    run: async (stage) => {
      const executor = await stage.executor();
      const values = [...numbers(100), undefined, null, { deep: [1n] }];
      const reported: unknown[] = [];
      const onProgress = (value: unknown): unknown => reported.push(value);
      same(await executor.run(tasks.report, values, { onProgress }), 103);
      alike(reported, values, "What was reported");
    },
  },
  {
    id: "progress.own",
    title: "Each task reports to its own caller",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const names = ["a", "b", "c", "d"];
      const reported = await Promise.all(
        names.map(async (name) => {
          const heard: unknown[] = [];
          const onProgress = (value: unknown): unknown => heard.push(value);
          await executor.run(tasks.report, [name, name], { onProgress });
          return heard.join("");
        }),
      );
      alike(reported, ["aa", "bb", "cc", "dd"], "What was reported");
    },
  },
  {
    id: "progress.job",
    title: "A job shows the latest value its task reported",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const held = await stage.hold(executor);
      const job = executor.submit(tasks.report, ["first", "last"]);
      same(job.progress, undefined, "The progress before the first report");
      held.open();
      await job.result;
      same(job.progress, "last", "The progress");
    },
  },
  {
    id: "progress.stream",
    title: "A stream's producer can report as well",
    run: async (stage) => {
      const executor = await stage.executor();
      const reported: unknown[] = [];
      const onProgress = (value: unknown): unknown => reported.push(value);
      const stream = executor.stream(tasks.reportAndYield, [1, 2, 3], { onProgress });
      for await (const item of stream)
        same(reported.includes(item), true, "Whether it was reported");
      alike(reported, [1, 2, 3], "What was reported");
    },
  },
  {
    id: "progress.late",
    title: "What a task reports after it has ended is not passed on, and harms nobody",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const [log, gate] = [stage.log(), stage.gate()];
      const reported: unknown[] = [];
      const onProgress = (value: unknown): unknown => reported.push(value);
      const errand = { log: log.path, until: gate.path };
      same(await executor.run(tasks.reportLate, errand, { onProgress }), "ended");
      const [nextLog, nextGate] = [stage.log(), stage.gate()];
      const heard: unknown[] = [];
      const next = executor.run(
        tasks.hold,
        { log: nextLog.path, until: nextGate.path },
        { onProgress: (value) => heard.push(value) },
      );
      await nextLog.has("hold started");
      gate.open();
      await log.has("reported");
      await stage.moment(10);
      nextGate.open();
      same(await next, "hold");
      alike(heard, [], "What the next task reported");
      same(await executor.run(tasks.echo, 1), 1);
      alike(reported, ["in time"], "What was reported");
    },
  },
  {
    id: "progress.throws",
    title: "When onProgress throws, the task is cancelled with that very error",
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      const log = stage.log();
      const reason = new Error("I do not want to hear it");
      const onProgress = (): never => {
        throw reason;
      };
      const run = later(executor.run(tasks.reportOn, { log: log.path }, { onProgress }));
      same(await rejection(run), reason, "The reason");
      await log.has("reported");
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
];
