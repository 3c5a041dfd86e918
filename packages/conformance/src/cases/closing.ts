import { alike, later, ok, refusal, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { numbers, Supply } from "../supply.ts";
import { tasks } from "../tasks.ts";

export const closeCases: readonly ConformanceCase[] = [
  {
    id: "close.finishes",
    title: "close() finishes what was accepted, and resolves when nothing is left",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const held = await stage.hold(executor);
      const queued = numbers(5).map((n) => executor.run(tasks.later, n));
      let closed = false;
      const closing = executor.close().then(() => (closed = true));
      await stage.moment(10);
      same(closed, false, "Whether it is closed while a task runs");
      held.open();
      same(await held.result, "hold");
      alike(await Promise.all(queued), numbers(5), "What the queued tasks gave");
      await closing;
      const { queued: left, running, workers, completed } = executor.stats();
      alike(
        { left, running, workers, completed },
        { left: 0, running: 0, workers: 0, completed: 6 },
      );
    },
  },
  {
    id: "close.refuses",
    title: "A closed executor takes nothing new: everything rejects with CLOSED",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const log = stage.log();
      const held = await stage.hold(executor);
      const closing = executor.close();
      const refuse = async (): Promise<void> => {
        const job = executor.submit(tasks.mark, { log: log.path });
        const accepted = later(job.accepted);
        await refusal(job.result, "CLOSED");
        await refusal(accepted, "CLOSED");
        await refusal(executor.run(tasks.mark, { log: log.path }), "CLOSED");
        await refusal(executor.map(tasks.mark, [{ log: log.path }]).toArray(), "CLOSED");
        const stream = executor.stream(tasks.produce, { log: log.path, length: 1 });
        await refusal(stream.next(), "CLOSED");
      };
      await refuse();
      held.open();
      await closing;
      await refuse();
      alike(log.lines(), [], "What ran");
    },
  },
  {
    id: "close.twice",
    title: "close() can be called again, during and after the first",
    run: async (stage) => {
      const executor = await stage.fresh();
      const run = executor.run(tasks.later, 1);
      await Promise.all([executor.close(), executor.close()]);
      same(await run, 1);
      await executor.close();
      await executor.close({ cancel: true, deadline: 0 });
    },
  },
  {
    id: "close.unused",
    title: "An executor that never ran anything closes, also while it starts",
    run: async (stage) => {
      for (const options of [{}, { cancel: true }, { deadline: 0 }]) {
        await (await stage.fresh()).close(options);
      }
      const starting = await stage.fresh();
      const ready = later(starting.ready());
      await starting.close();
      await ready.catch(() => {});
      same(starting.stats().workers, 0, "The number of workers");
    },
  },
  {
    id: "close.cancel",
    title: "close({ cancel: true }) rejects what was accepted with CLOSED, an error for each",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, maxQueue: 2, grace: 60_000 });
      const held = await stage.hold(executor);
      const jobs = numbers(3).map((n) => executor.submit(tasks.echo, n));
      const results = [held.result, ...jobs.map(({ result }) => later(result))];
      const closing = executor.close({ cancel: true });
      const errors = await Promise.all(results.map((result) => refusal(result, "CLOSED")));
      same(new Set(errors).size, 4, "The number of different errors");
      await held.log.has("hold cancelled");
      await closing;
      const { waiting, queued, running, workers } = executor.stats();
      same(waiting + queued + running + workers, 0, "What is left");
    },
  },
  {
    id: "close.waiting",
    title: "What waits for room in a full queue was not accepted, and rejects with CLOSED at once",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, maxQueue: 0 });
      const held = await stage.hold(executor);
      const job = executor.submit(tasks.echo, 1);
      const [accepted, result] = [later(job.accepted), later(job.result)];
      const closing = executor.close();
      await refusal(accepted, "CLOSED");
      await refusal(result, "CLOSED");
      held.open();
      same(await held.result, "hold");
      await closing;
    },
  },
  {
    id: "close.deadline",
    title: "close({ deadline }) waits so long, then rejects what is left and does not wait for it",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, grace: 60_000 });
      const held = await stage.hold(executor, { task: "deaf" });
      const queued = later(executor.run(tasks.echo, 1));
      await executor.close({ deadline: 50 });
      await refusal(held.result, "CLOSED");
      await refusal(queued, "CLOSED");
      same(executor.stats().workers, 0, "The number of workers");
    },
  },
  {
    id: "close.deadline-kept",
    title: "close({ deadline }) resolves before its deadline when nothing is left",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const held = await stage.hold(executor);
      const closing = executor.close({ deadline: 1_000_000 });
      held.open();
      same(await held.result, "hold");
      await closing;
    },
  },
  {
    id: "close.escalate",
    title: "A close() that waits can be made to cancel, and then not to wait",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, grace: 60_000 });
      const held = await stage.hold(executor, { task: "deaf" });
      const first = executor.close();
      const second = executor.close({ cancel: true });
      await refusal(held.result, "CLOSED");
      await executor.close({ deadline: 0 });
      await Promise.all([first, second]);
    },
  },
  {
    id: "close.cancelled-last",
    title: "A last task that was cancelled does not keep close() from resolving",
    run: async (stage) => {
      for (const options of [{}, { cancel: true }]) {
        const executor = await stage.fresh({ concurrency: 1, grace: 50 });
        const jobs = [1, 2].map((n) => executor.submit(tasks.echo, n));
        const results = jobs.map(({ result }) => later(result));
        for (const job of jobs.toReversed()) job.cancel("never mind");
        await executor.close(options);
        for (const result of results) same(await rejection(result), "never mind", "The reason");
      }
    },
  },
  {
    id: "close.dispose",
    title: "An executor closes at the end of `await using`, by its asyncDispose",
    run: async (stage) => {
      const executor = await stage.fresh();
      const run = executor.run(tasks.later, 1);
      await executor[Symbol.asyncDispose]();
      same(await run, 1);
      await refusal(executor.run(tasks.echo, 1), "CLOSED");
    },
  },
  {
    id: "close.stream",
    title: "close() waits for a stream that is being read, and for its whole end",
    run: async (stage) => {
      const executor = await stage.fresh();
      const stream = executor.stream(tasks.count, 50, { window: 2 });
      same((await stream.next()).value, 0);
      const closing = executor.close();
      let last: unknown;
      for await (const item of stream) last = item;
      same(last, 49, "The last item");
      await closing;
    },
  },
  {
    id: "close.map",
    title: "A map under way ends when its executor is closed: with its results, or with CLOSED",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 2 });
      const iterator = executor.map(tasks.echo, new Supply((n) => n))[Symbol.asyncIterator]();
      same((await iterator.next()).value, 0);
      const closing = executor.close();
      const rest = async (): Promise<void> => {
        for (let step = await iterator.next(); !step.done; step = await iterator.next());
      };
      await refusal(rest(), "CLOSED");
      await closing;
    },
  },
  {
    id: "close.invalid",
    title: "close() with a wrong option rejects with INVALID_OPTION and closes nothing",
    run: async (stage) => {
      const executor = await stage.executor();
      for (const options of [{ force: true }, { deadline: -1 }, { cancel: "yes" }, 5]) {
        await refusal(executor.close(options as object), "INVALID_OPTION");
      }
      ok((await executor.run(tasks.echo, 1)) === 1, "It was closed.");
    },
  },
];
