import { alike, later, ok, rejection, same, shown } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import type { ContextReport } from "../tasks/value-functions.ts";
import { tasks } from "../tasks.ts";

export const jobCases: readonly ConformanceCase[] = [
  {
    id: "job.id",
    title: "A job has the id its task sees, and no other job has it",
    run: async (stage) => {
      const executor = await stage.executor();
      await rejection(executor.run(tasks.echo, 1, { signal: AbortSignal.abort() }));
      const jobs = [1, 2, 3].map(() => executor.submit(tasks.aboutContext));
      const seen = await Promise.all(jobs.map(({ result }) => result));
      alike(
        seen.map(({ id }) => id),
        jobs.map(({ id }) => id),
        "The ids",
      );
      same(new Set(jobs.map(({ id }) => id)).size, 3, "The number of different ids");
    },
  },
  {
    id: "job.context",
    title:
      "A task sees its first attempt, not cancelled, with one signal, and no state of a worker that was not set up",
    run: async (stage) => {
      const executor = await stage.executor();
      const { id, ...rest }: ContextReport = await executor.run(tasks.aboutContext);
      same(typeof id, "string", "The type of the id");
      alike(
        rest,
        { attempt: 1, cancelled: false, aborted: false, sameSignal: true, hasState: false },
        "The rest",
      );
      const named = await executor.run(tasks.aboutContext, undefined, { attempt: 3, id: "mine" });
      same(named.attempt, 3, "The attempt the caller named");
      same(named.id, "mine", "The id the caller named");
      same(executor.submit(tasks.echo, 1, { id: "mine" }).id, "mine", "The id of the job");
    },
  },
  {
    id: "job.states",
    title: "A job is queued, running, then completed or failed",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const [gate, log] = [stage.gate(), stage.log()];
      const first = executor.submit(tasks.hold, { log: log.path, until: gate.path });
      const second = executor.submit(tasks.fail, "TypeError");
      const results = [later(first.result), later(second.result)] as const;
      await Promise.all([first.accepted, second.accepted]);
      await log.has("hold started");
      await stage.until(() => first.state === "running", "the state running");
      same(second.state, "queued", "The state of the second");
      gate.open();
      same(await results[0], "hold");
      same(first.state, "completed", "The state of the first");
      await rejection(results[1]);
      same(second.state, "failed", "The state of the second");
    },
  },
  {
    id: "job.accepted",
    title:
      "`accepted` resolves while the task waits, and rejects like the result where it never will",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const held = await stage.hold(executor);
      const job = executor.submit(tasks.echo, 1);
      same(await job.accepted, undefined);
      same(job.state, "queued", "The state");
      held.open();
      same(await job.result, 1);
      same(await job.accepted, undefined);
      const reason = new Error("no");
      const never = executor.submit(tasks.echo, 1, { signal: AbortSignal.abort(reason) });
      same(await rejection(never.accepted), reason, "What `accepted` rejects with");
      same(await rejection(never.result), reason, "What `result` rejects with");
      same(never.state, "cancelled", "The state");
    },
  },
  {
    id: "job.result",
    title: "The result of a job can be asked for early, late and often",
    run: async (stage) => {
      const executor = await stage.executor();
      const job = executor.submit(tasks.echo, 1);
      const early = [job.result, job.result];
      alike(await Promise.all(early), [1, 1], "The results asked for early");
      same(await job.result, 1, "The result asked for late");
    },
  },
  {
    id: "job.cancel",
    title: "cancel() rejects with an AbortError, or with the reason it is given, in every state",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, maxQueue: 2, grace: 60_000 });
      const reason = new Error("my own");
      for (const given of [[], [reason], [0]] as unknown[][]) {
        const [gate, log] = [stage.gate(), stage.log()];
        const errand = { log: log.path, until: gate.path };
        const running = executor.submit(tasks.hold, errand);
        await log.has("hold started");
        const jobs = [running, ...[1, 2, 3].map(() => executor.submit(tasks.hold, errand))];
        const results = jobs.map(({ result }) => later(result));
        await stage.until(() => running.state === "running", "the state running");
        alike(
          jobs.map(({ state }) => state),
          ["running", "queued", "queued", "waiting"],
        );
        for (const job of jobs.toReversed()) job.cancel(...given);
        for (const job of jobs) job.cancel("once is enough");
        for (const result of results) {
          const error = await rejection(result);
          if (given.length > 0) same(error, given[0], "The reason");
          else ok(isAbortError(error), `It is rejected with ${shown(error)}.`);
        }
        alike(new Set(jobs.map(({ state }) => state)), new Set(["cancelled"]), "The states");
        await log.has("hold cancelled");
        alike(log.lines(), ["hold started", "hold cancelled"], "What ran");
      }
    },
  },
  {
    id: "job.silent",
    title: "A job whose result nobody asks for fails silently",
    run: async (stage) => {
      const executor = await stage.executor();
      const unhandled: unknown[] = [];
      const note = (error: unknown): unknown => unhandled.push(error);
      const { process } = globalThis;
      process?.on("unhandledRejection", note);
      try {
        const job = executor.submit(tasks.fail, "TypeError");
        const cancelled = executor.submit(tasks.echo, 1);
        cancelled.cancel();
        await stage.until(() => job.state === "failed", "the failure");
        await stage.moment();
      } finally {
        process?.off("unhandledRejection", note);
      }
      same(unhandled.length, 0, "The number of unhandled rejections");
    },
  },
];

const isAbortError = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "AbortError";
