import { alike, failure, later, refusal, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import type { Log, Stage } from "../stage.ts";
import { LateSupply, numbers, Supply } from "../supply.ts";
import type { Errand } from "../tasks/control-functions.ts";
import { tasks } from "../tasks.ts";

/** An endless input whose first task ends at once, and whose others run until they are cancelled. */
function heldInput(stage: Stage): { supply: Supply<Errand>; log: Log } {
  const [log, gate] = [stage.log(), stage.gate()];
  const supply = new Supply<Errand>((n) =>
    n === 0 ? {} : { log: log.path, name: `${n}`, until: gate.path },
  );
  return { supply, log };
}

/** The name of the first task that has started: of two workers each begins when it can. */
async function firstStarted(stage: Stage, log: Log): Promise<string> {
  await stage.until(() => log.lines().length > 0, "a task to start");
  return String(log.lines()[0]).replace(" started", "");
}

export const mapEndingCases: readonly ConformanceCase[] = [
  {
    id: "map.break",
    title: "Leaving the loop early closes the input and cancels what is under way",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2, grace: 60_000 });
      const { supply, log } = heldInput(stage);
      let name = "";
      for await (const result of executor.map(tasks.hold, supply, { window: 3 })) {
        same(result, "hold");
        name = await firstStarted(stage, log);
        break;
      }
      await log.has(`${name} cancelled`);
      same(supply.closed, 1, "How often the input was closed");
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "map.error-cancels",
    title: "The first error closes the input and cancels what is under way after it",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2, grace: 60_000 });
      const [log, gate] = [stage.log(), stage.gate()];
      const supply = new Supply((n) => ({
        log: log.path,
        name: `${n}`,
        ...(n === 0 ? { fails: gate.path } : { until: stage.gate().path }),
      }));
      const first = later(executor.map(tasks.holdOrFail, supply, { window: 3 }).toArray());
      const name = await firstStarted(stage, log);
      gate.open();
      same((await failure(first)).message, "0 failed");
      await log.has(`${name} cancelled`);
      same(supply.closed, 1, "How often the input was closed");
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "map.abort",
    title: "The signal of a map rejects it with its very reason and cancels what is under way",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2, grace: 60_000 });
      const { supply, log } = heldInput(stage);
      const controller = new AbortController();
      const options = { signal: controller.signal, window: 3 };
      const results = executor.map(tasks.hold, supply, options)[Symbol.asyncIterator]();
      same((await results.next()).value, "hold");
      const next = later(results.next());
      const name = await firstStarted(stage, log);
      const reason = { not: "an error" };
      controller.abort(reason);
      same(await rejection(next), reason, "The reason");
      await log.has(`${name} cancelled`);
      alike(await results.next(), { done: true, value: undefined }, "What comes after it");
      same(supply.closed, 1, "How often the input was closed");
    },
  },
  {
    id: "map.return-early",
    title: "return() before the first result starts nothing, and ends the map",
    run: async (stage) => {
      const executor = await stage.executor();
      const supply = new Supply((n) => n);
      const results = executor.map(tasks.echo, supply)[Symbol.asyncIterator]();
      await results.return?.();
      same((await results.next()).done, true, "Whether it is over");
      same(supply.taken, 0, "The number of inputs read");
    },
  },
  {
    id: "map.return-pending",
    title: "return() while a result is awaited ends that wait too",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1, grace: 60_000 });
      const [log, gate] = [stage.log(), stage.gate()];
      const inputs = [{ log: log.path, until: gate.path }];
      const results = executor.map(tasks.hold, inputs)[Symbol.asyncIterator]();
      const pending = results.next();
      await log.has("hold started");
      await results.return?.();
      same((await pending).done, true, "Whether it is over");
      await log.has("hold cancelled");
    },
  },
  {
    id: "map.silent-input",
    title: "A map can be left or aborted while its input never answers",
    run: async (stage) => {
      const executor = await stage.executor();
      const silent: AsyncIterable<number> = {
        [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
      };
      const left = executor.map(tasks.echo, silent)[Symbol.asyncIterator]();
      const pending = left.next();
      await left.return?.();
      same((await pending).done, true, "Whether it is over");
      const controller = new AbortController();
      const map = executor.map(tasks.echo, silent, { signal: controller.signal });
      const aborted = later(map.toArray());
      controller.abort("enough");
      same(await rejection(aborted), "enough", "The reason");
    },
  },
  {
    id: "map.no-input",
    title: "A map of something that cannot be iterated fails with INVALID_OPTION when it is read",
    run: async (stage) => {
      const executor = await stage.executor();
      for (const inputs of [5, null, undefined, {}]) {
        const results = executor.map(tasks.echo, inputs as Iterable<unknown>);
        await refusal(results.toArray(), "INVALID_OPTION");
      }
    },
  },
  {
    id: "map.failing-close",
    title: "An input that fails while it is closed does not hide the map's own error",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const failing: Iterable<number> = {
        [Symbol.iterator]: () => ({
          next: () => ({ done: false, value: 1 }),
          return: () => {
            throw new Error("cannot be closed");
          },
        }),
      };
      const error = await failure(executor.map(tasks.failOdd, failing).toArray());
      same(error.message, "1 is odd", "The message");
    },
  },
  {
    id: "map.priority",
    title: "The tasks of a map have the priority of the map",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const held = await stage.hold(executor);
      const log = stage.log();
      const low = executor.run(tasks.mark, { log: log.path, name: "run" });
      const inputs = [{ log: log.path, name: "map" }];
      const high = executor.map(tasks.mark, inputs, { priority: 1 }).toArray();
      held.open();
      await Promise.all([low, high]);
      alike(log.lines(), ["map", "run"], "The order");
    },
  },
  {
    id: "map.two",
    title: "Two maps on one executor do not disturb each other",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const both = await Promise.all([
        executor.map(tasks.echo, numbers(100)).toArray(),
        executor.map(tasks.later, new LateSupply((n) => -n, 100)).toArray(),
        rejection(executor.map(tasks.failOdd, numbers(100)).toArray()),
      ]);
      alike(both[0], numbers(100), "The results of the first");
      alike(
        both[1],
        numbers(100).map((n) => -n),
        "The results of the second",
      );
    },
  },
];
