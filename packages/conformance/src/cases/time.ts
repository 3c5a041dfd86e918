import { systemClock } from "@quintet/core/kit";
import { alike, later, ok, refusal, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import type { Stage } from "../stage.ts";
import { tasks } from "../tasks.ts";

/** A deadline ends a task that runs; false when it came before the task could start. */
async function endsInTime(stage: Stage, deadline: Date | number): Promise<boolean> {
  const executor = await stage.executor({ concurrency: 1, grace: 60_000 });
  const [log, gate] = [stage.log(), stage.gate()];
  const errand = { log: log.path, until: gate.path };
  await refusal(executor.run(tasks.hold, errand, { deadline }), "TIMEOUT");
  if (log.lines().length === 0) return false;
  await log.has("hold cancelled");
  return true;
}

export const timeCases: readonly ConformanceCase[] = [
  {
    id: "timeout.running",
    title:
      "A task that runs longer than its timeout rejects with TIMEOUT and sees its signal abort",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1, grace: 60_000 });
      const [log, gate] = [stage.log(), stage.gate()];
      const errand = { log: log.path, until: gate.path };
      const error = await refusal(executor.run(tasks.hold, errand, { timeout: 30 }), "TIMEOUT");
      ok(error.message.includes("conformance.hold"), `The message is "${error.message}".`);
      await log.has("hold cancelled");
      same(await executor.run(tasks.echo, 1, { timeout: 10_000 }), 1);
    },
  },
  {
    id: "timeout.not-waiting",
    title: "A timeout begins when the task starts: waiting does not count",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const held = await stage.hold(executor);
      const limits = { timeout: 200 };
      const queued = later(executor.run(tasks.echo, 1, limits));
      const submitted = later(executor.submit(tasks.echo, 2, limits).result);
      await stage.moment(300);
      held.open();
      alike(await Promise.all([queued, submitted]), [1, 2], "The results");
    },
  },
  {
    id: "timeout.map",
    title: "A map's timeout bounds each of its tasks",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2, grace: 60_000 });
      const gate = stage.gate();
      const options = { timeout: 100, settle: true } as const;
      const outcomes = executor.map(tasks.hold, [{}, { until: gate.path }, {}], options);
      const [first, second, third] = await outcomes.toArray();
      alike([first?.status, third?.status], ["fulfilled", "fulfilled"], "The neighbours");
      ok(second?.status === "rejected", "The task that runs too long is not rejected.");
      await refusal(Promise.reject(second.reason as Error), "TIMEOUT");
    },
  },
  {
    id: "timeout.stream",
    title: "A stream's timeout bounds its producer",
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      const [log, gate] = [stage.log(), stage.gate()];
      const errand = { log: log.path, until: gate.path };
      const stream = executor.stream(tasks.pause, errand, { timeout: 200 });
      same((await stream.next()).value, "first");
      await refusal(stream.next(), "TIMEOUT");
      await log.has("finally");
    },
  },
  {
    id: "deadline.waiting",
    title: "A deadline counts the waiting too: a task that waits past it never runs",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const held = await stage.hold(executor);
      const log = stage.log();
      const deadline = systemClock.date() + 30;
      await refusal(executor.run(tasks.mark, { log: log.path }, { deadline }), "TIMEOUT");
      held.open();
      await held.result;
      same(await executor.run(tasks.echo, 1), 1);
      alike(log.lines(), [], "What ran");
    },
  },
  {
    id: "deadline.running",
    title: "A deadline, as a Date or a number, ends a running task as well",
    run: async (stage) => {
      for (const form of [Number, (time: number) => new Date(time)]) {
        for (let time = 50; !(await endsInTime(stage, form(systemClock.date() + time))); time *= 2);
      }
    },
  },
  {
    id: "deadline.past",
    title: "A deadline that has passed rejects with TIMEOUT, and nothing is sent",
    run: async (stage) => {
      const executor = await stage.executor();
      const log = stage.log();
      for (const deadline of [systemClock.date() - 1, new Date(0)]) {
        await refusal(executor.run(tasks.mark, { log: log.path }, { deadline }), "TIMEOUT");
        const map = executor.map(tasks.mark, [{ log: log.path }], { deadline });
        await refusal(map.toArray(), "TIMEOUT");
        const input = { log: log.path, length: 1 };
        await refusal(executor.stream(tasks.produce, input, { deadline }).next(), "TIMEOUT");
      }
      same(await executor.run(tasks.echo, 1), 1);
      alike(log.lines(), [], "What ran");
    },
  },
  {
    id: "deadline.far",
    title: "Deadlines and timeouts that are far away or infinite do not matter",
    run: async (stage) => {
      const executor = await stage.executor();
      const far = systemClock.date() + 2 ** 40;
      same(await executor.run(tasks.later, 1, { deadline: far, timeout: 2 ** 40 }), 1);
      same(await executor.run(tasks.later, 2, { deadline: Infinity, timeout: Infinity }), 2);
    },
  },
  {
    id: "deadline.map",
    title: "A map's deadline bounds all of it: it rejects, and what runs is cancelled",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2, grace: 60_000 });
      await executor.map(tasks.echo, [1, 2]).toArray();
      const [log, gate] = [stage.log(), stage.gate()];
      const inputs = [{}, { log: log.path, until: gate.path }];
      const deadline = systemClock.date() + 1_000;
      const results = executor.map(tasks.hold, inputs, { deadline })[Symbol.asyncIterator]();
      same((await results.next()).value, "hold");
      await refusal(results.next(), "TIMEOUT");
      await log.has("hold cancelled");
    },
  },
];
