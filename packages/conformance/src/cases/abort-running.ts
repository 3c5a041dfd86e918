import { alike, later, ok, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { describeValue } from "../describe-value.ts";
import { elsewhere, inThreads, notPreemptive, preemptive } from "../needs.ts";
import type { Stage } from "../stage.ts";
import { tasks } from "../tasks.ts";

/** A task that does not listen is stopped with its worker; the next one runs. */
async function stopped(stage: Stage, task: "deaf" | "spin" | "tidy"): Promise<void> {
  const executor = await stage.fresh({ concurrency: 1, grace: 30 });
  const controller = new AbortController();
  const held = await stage.hold(executor, { task, signal: controller.signal });
  const next = executor.run(tasks.echo, 1);
  const reason = new Error("stop");
  controller.abort(reason);
  same(await rejection(held.result), reason, "The reason");
  same(await next, 1, "What the next task gave");
  held.open();
  await stage.moment();
  const end = task === "tidy" ? "tidy cleaned" : `${task} ended`;
  ok(!held.log.lines().includes(end), "The task has gone on after it was stopped.");
  same(executor.stats().restarts, 1, "The number of stopped workers");
}

export const abortRunningCases: readonly ConformanceCase[] = [
  {
    id: "abort.running",
    title: "A running task sees its signal abort and cleans up; its worker is kept",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, grace: 60_000 });
      const before = await executor.run(tasks.place);
      const controller = new AbortController();
      const held = await stage.hold(executor, { signal: controller.signal });
      const reason = new Error("enough");
      controller.abort(reason);
      same(await rejection(held.result), reason, "The reason");
      await held.log.has("hold cancelled");
      alike(await executor.run(tasks.place), before, "The place of the next task");
      same(executor.stats().restarts, 0, "The number of lost workers");
    },
  },
  {
    id: "abort.reason-inside",
    title: "The task's own signal has the reason the caller gave",
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      for (const reason of ["a text", 0, { a: [1] }, new RangeError("an error")]) {
        const log = stage.log();
        const controller = new AbortController();
        const { signal } = controller;
        const run = later(executor.run(tasks.reason, { log: log.path }, { signal }));
        await log.has("reason started");
        controller.abort(reason);
        same(await rejection(run), reason, "The reason outside");
        await stage.until(() => log.lines().length > 1, "the end of the task");
        const inside = log.lines()[1] ?? "";
        const words = reason instanceof Error ? reason.message : describeValue(reason);
        ok(inside.includes(words), `The reason inside is ${inside}.`);
      }
    },
  },
  {
    id: "abort.at-once",
    title: "The caller hears of an abort at once; the slot is taken until the function has ended",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, grace: 60_000 });
      const controller = new AbortController();
      const held = await stage.hold(executor, { task: "deaf", signal: controller.signal });
      controller.abort("now");
      same(await rejection(held.result), "now", "The reason");
      const next = executor.run(tasks.mark, { log: held.log.path, name: "next" });
      await stage.moment();
      const { running, queued } = executor.stats();
      alike({ running, queued }, { running: 1, queued: 1 }, "The statistics");
      held.open();
      await next;
      alike(held.log.lines(), ["deaf started", "deaf ended", "next"], "What ran");
      same(executor.stats().running, 0, "The number of running tasks");
    },
  },
  {
    id: "abort.slow-cleanup",
    title: "A task that cleans up within its grace is waited for, and its worker is kept",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, grace: 60_000 });
      const controller = new AbortController();
      const held = await stage.hold(executor, { task: "tidy", signal: controller.signal });
      controller.abort("tidy up");
      same(await rejection(held.result), "tidy up", "The reason");
      await held.log.has("tidy cleaning");
      const next = executor.run(tasks.mark, { log: held.log.path, name: "next" });
      held.open();
      await next;
      alike(held.log.lines().slice(-2), ["tidy cleaned", "next"], "What ran");
      same(executor.stats().restarts, 0, "The number of lost workers");
    },
  },
  {
    id: "abort.deaf",
    title: "A task that does not listen is stopped with its worker after its grace",
    needs: [preemptive],
    run: (stage) => stopped(stage, "deaf"),
  },
  {
    id: "abort.deaf-loop",
    title: "A busy loop that does not listen is stopped with its worker after its grace",
    needs: [preemptive, elsewhere],
    run: (stage) => stopped(stage, "spin"),
  },
  {
    id: "abort.endless-cleanup",
    title: "A task whose cleaning up takes longer than its grace is stopped with its worker",
    needs: [preemptive],
    run: (stage) => stopped(stage, "tidy"),
  },
  {
    id: "abort.deaf-kept",
    title: "Where tasks cannot be stopped, one that does not listen goes on past its grace",
    needs: [notPreemptive],
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, grace: 1 });
      const controller = new AbortController();
      const held = await stage.hold(executor, { task: "deaf", signal: controller.signal });
      controller.abort("stop");
      await rejection(held.result);
      const next = executor.run(tasks.mark, { log: held.log.path, name: "next" });
      await stage.moment(50);
      same(executor.stats().running, 1, "The number of running tasks");
      held.open();
      await next;
      alike(held.log.lines(), ["deaf started", "deaf ended", "next"], "What ran");
    },
  },
  {
    id: "abort.blocked-loop",
    title: "A loop that never leaves its function sees `context.cancelled` change",
    needs: [inThreads],
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, grace: 60_000 });
      const controller = new AbortController();
      const held = await stage.hold(executor, { task: "watch", signal: controller.signal });
      controller.abort("look up");
      same(await rejection(held.result), "look up", "The reason");
      await held.log.has("watch saw it");
      same(await executor.run(tasks.echo, 1), 1);
      same(executor.stats().restarts, 0, "The number of lost workers");
    },
  },
  {
    id: "abort.progress",
    title: "What a task reports after it was cancelled is not passed on",
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      const log = stage.log();
      const reported: unknown[] = [];
      const controller = new AbortController();
      const run = later(
        executor.run(
          tasks.reportOn,
          { log: log.path },
          { signal: controller.signal, onProgress: (value) => reported.push(value) },
        ),
      );
      await stage.until(() => reported.length > 0, "the first report");
      controller.abort("enough");
      same(await rejection(run), "enough", "The reason");
      await log.has("reported");
      same(await executor.run(tasks.echo, 1), 1);
      alike(reported, ["before"], "What was reported");
    },
  },
];
