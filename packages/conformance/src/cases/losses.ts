import type { Executor, WorkerLostError } from "@quintet/core";
import { alike, failure, later, ok, refusal, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { elsewhere } from "../needs.ts";
import { numbers } from "../supply.ts";
import { tasks } from "../tasks.ts";

/** The task took its worker with it: the error says which task, which worker and how it ended. */
async function lost(
  run: PromiseLike<unknown>,
  task: string,
  exitCode: number,
): Promise<WorkerLostError> {
  const error = await refusal(run, "WORKER_LOST");
  same(error.task, `conformance.${task}`, "The task");
  ok(/\d/.test(error.worker), `The worker is "${error.worker}".`);
  same(error.exitCode, exitCode, "The exit code");
  ok(error.message.includes(`conformance.${task}`), `The message is "${error.message}".`);
  return error;
}

const marks = (executor: Executor, count: number): Promise<unknown[]> =>
  Promise.all(numbers(count).map((n) => executor.run(tasks.echo, n)));

const cases: readonly Omit<ConformanceCase, "needs">[] = [
  {
    id: "loss.exit",
    title: "A task that exits rejects with WORKER_LOST: which task, which worker, which exit code",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      for (const code of [0, 1, 9]) {
        await lost(executor.run(tasks.exit, code), "exit", code);
        same(await executor.run(tasks.echo, code), code);
      }
    },
  },
  {
    id: "loss.uncaught",
    title: "An exception that nobody catches ends the worker and rejects its task",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      await lost(executor.run(tasks.uncaught), "uncaught", 1);
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "loss.unhandled",
    title: "A rejection that nobody handles ends the worker and rejects its task",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      await lost(executor.run(tasks.unhandled), "unhandled", 1);
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "loss.neighbours",
    title:
      "Those sent ahead or queued behind the task that exits run elsewhere, in their first attempt",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const before = marks(executor, 5);
      const bad = lost(executor.run(tasks.exit, 1), "exit", 1);
      const about = executor.run(tasks.aboutContext);
      const after = marks(executor, 20);
      await bad;
      alike(await before, numbers(5), "What those before it gave");
      alike(await after, numbers(20), "What those after it gave");
      same((await about).attempt, 1, "The attempt of a neighbour");
      same(executor.stats().restarts, 1, "The number of lost workers");
    },
  },
  {
    id: "loss.poison",
    title: "Task after task that exits takes only itself along",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 2 });
      const bad = numbers(3).map(() => lost(executor.run(tasks.poison, {}), "poison", 3));
      const good = marks(executor, 20);
      await Promise.all(bad);
      alike(await good, numbers(20), "What the others gave");
    },
  },
  {
    id: "loss.own-error",
    title: "Each task that loses its worker gets an error object of its own",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const errors = await Promise.all(
        [1, 2].map(() => lost(executor.run(tasks.exit, 1), "exit", 1)),
      );
      same(errors[0] === errors[1], false, "Whether two tasks have one error");
    },
  },
  {
    id: "loss.retry",
    title: "With `retries` a task starts again after its worker was lost, and sees its attempt",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const log = stage.log();
      same(await executor.run(tasks.exitOnce, { log: log.path }, { retries: 1 }), 2, "The attempt");
      alike(log.lines(), ["attempt 1", "attempt 2"], "What ran");
      const mapped = executor.map(tasks.exitOnce, [{ log: log.path }], { retries: 3 });
      alike(await mapped.toArray(), [2], "The attempt");
    },
  },
  {
    id: "loss.retries-spent",
    title: "A task that loses each of its workers is given up after its last retry",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const log = stage.log();
      const bad = executor.run(tasks.poison, { log: log.path }, { retries: 2 });
      const good = executor.run(tasks.echo, 1);
      await lost(bad, "poison", 3);
      same(await good, 1, "What the neighbour gave");
      alike(log.lines(), ["poison 1", "poison 2", "poison 3"], "What ran");
      await lost(executor.run(tasks.poison, { log: log.path }), "poison", 3);
      same(log.lines().length, 4, "The number of attempts");
    },
  },
  {
    id: "loss.own-failure",
    title: "`retries` are for lost workers only: a task's own error is not tried again",
    run: async (stage) => {
      const executor = await stage.executor();
      const log = stage.log();
      const gate = stage.gate();
      gate.open();
      const errand = { log: log.path, name: "it", fails: gate.path };
      const error = await failure(executor.run(tasks.holdOrFail, errand, { retries: 5 }));
      same(error.message, "it failed", "The message");
      alike(log.lines(), ["it fails"], "What ran");
    },
  },
  {
    id: "loss.map",
    title: "A task of a map that loses its worker fails at its place, and the others do not",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const inputs = numbers(12).map((n) => ({ n, at: 5 }));
      const outcomes = await executor
        .map(tasks.exitAt, inputs, { settle: true, chunk: 4 })
        .toArray();
      for (const outcome of outcomes) {
        same(outcome.status, outcome.index === 5 ? "rejected" : "fulfilled", `${outcome.index}`);
      }
      await lost(executor.map(tasks.exitAt, inputs).toArray(), "exitAt", 1);
    },
  },
  {
    id: "loss.stream",
    title: "A stream whose worker is lost ends with an error, not as if it were whole",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const items: unknown[] = [];
      const read = async (): Promise<void> => {
        for await (const item of executor.stream(tasks.exitAfter, 3)) items.push(item);
      };
      await lost(read(), "exitAfter", 1);
      alike(items, numbers(items.length), "The items that came before");
      ok(items.length <= 3, `${items.length} items came.`);
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "loss.big",
    title: "A worker that is lost while a big value is on its way rejects that task alone",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const bad = later(executor.run(tasks.exitWith, { bytes: new Uint8Array(20_000_000) }));
      const good = executor.run(tasks.byteSum, new Uint8Array(5_000_000).fill(1));
      await lost(bad, "exitWith", 1);
      same(await good, 5_000_000, "What the neighbour gave");
    },
  },
  {
    id: "loss.aborted",
    title: "A task that was aborted and then loses its worker has rejected once, with its reason",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, grace: 1 });
      const controller = new AbortController();
      const held = await stage.hold(executor, { task: "deaf", signal: controller.signal });
      const job = executor.submit(tasks.exit, 1);
      controller.abort("enough");
      await later(held.result).catch((error: unknown) => same(error, "enough", "The reason"));
      held.open();
      await lost(job.result, "exit", 1);
      same(job.state, "failed", "The state");
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "loss.closing",
    title: "A worker that is lost while the executor closes rejects its task, and close() resolves",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const bad = lost(executor.run(tasks.exit, 1), "exit", 1);
      const good = executor.run(tasks.echo, 1);
      const closed = executor.close();
      await bad;
      same(await good, 1, "What the neighbour gave");
      await closed;
      same(executor.stats().workers, 0, "The number of workers");
    },
  },
];

export const lossCases: readonly ConformanceCase[] = cases.map((one) => ({
  ...one,
  needs: [elsewhere],
}));
