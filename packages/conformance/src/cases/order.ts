import { alike, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import type { Stage } from "../stage.ts";
import { numbers } from "../supply.ts";
import { tasks } from "../tasks.ts";

/** Starts tasks behind one that holds the only slot, lets it go, and gives the order they ran in. */
async function orderOf(
  stage: Stage,
  start: (mark: (name: string, priority?: number) => Promise<unknown>) => Promise<unknown>[],
): Promise<string[]> {
  const executor = await stage.executor({ concurrency: 1 });
  const held = await stage.hold(executor);
  const log = stage.log();
  const runs = start((name, priority) =>
    executor.run(tasks.mark, { log: log.path, name }, { priority }),
  );
  held.open();
  await Promise.all([held.result, ...runs]);
  return log.lines();
}

export const orderCases: readonly ConformanceCase[] = [
  {
    id: "order.fifo",
    title: "Tasks start in the order they came",
    run: async (stage) => {
      const names = numbers(20).map(String);
      alike(await orderOf(stage, (mark) => names.map((name) => mark(name))), names, "The order");
    },
  },
  {
    id: "order.priority",
    title: "Higher priorities start first, and the default is 0",
    run: async (stage) => {
      const order = await orderOf(stage, (mark) => [
        mark("never mind", -Infinity),
        mark("low", -1),
        mark("default"),
        mark("half", 0.5),
        mark("high", 10),
        mark("now", Infinity),
      ]);
      alike(order, ["now", "high", "half", "default", "low", "never mind"], "The order");
    },
  },
  {
    id: "order.fifo-within-priority",
    title: "Within a priority the first to come is the first to start",
    run: async (stage) => {
      const order = await orderOf(stage, (mark) => [
        mark("a0"),
        mark("a1", 1),
        mark("b0", 0),
        mark("b1", 1),
        mark("c0"),
        mark("c1", 1),
      ]);
      alike(order, ["a1", "b1", "c1", "a0", "b0", "c0"], "The order");
    },
  },
  {
    id: "order.methods",
    title: "run, submit, map and stream wait in one line",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const held = await stage.hold(executor);
      const log = stage.log();
      const errand = (name: string): { log: string; name: string } => ({ log: log.path, name });
      const first = executor.run(tasks.mark, errand("run"));
      const second = executor.submit(tasks.mark, errand("submit")).result;
      const stream = executor.stream(tasks.produce, { log: log.path, length: 0 });
      const third = stream.next();
      const results = executor.map(tasks.mark, [errand("map")])[Symbol.asyncIterator]();
      const fourth = results.next();
      const fifth = executor.run(tasks.mark, errand("run again"));
      held.open();
      await Promise.all([held.result, first, second, third, fourth, fifth]);
      alike(log.lines(), ["run", "submit", "made 0", "map", "run again"], "The order");
      same((await results.next()).done, true);
    },
  },
  {
    id: "order.admission",
    title:
      "Tasks that wait for room in a full queue come in by priority, first come first within one",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1, maxQueue: 1 });
      const held = await stage.hold(executor);
      const log = stage.log();
      const submit = (name: string, priority?: number): Promise<unknown> =>
        executor.submit(tasks.mark, { log: log.path, name }, { priority }).result;
      const jobs = [submit("queued", 2), submit("a0"), submit("b0"), submit("c1", 1), submit("d0")];
      held.open();
      await Promise.all([held.result, ...jobs]);
      alike(log.lines(), ["queued", "c1", "a0", "b0", "d0"], "The order");
    },
  },
  {
    id: "order.map",
    title: "A map gives its results in the order of the inputs, whoever is done first",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const [slow, log] = [stage.gate(), stage.log()];
      const inputs = [
        { log: log.path, name: "slow", until: slow.path },
        { log: log.path, name: "fast" },
      ];
      const results = executor.map(tasks.hold, inputs)[Symbol.asyncIterator]();
      const first = results.next();
      await log.has("fast ended");
      slow.open();
      alike([(await first).value, (await results.next()).value], ["slow", "fast"], "The results");
      same((await results.next()).done, true);
      const many = await executor.map(tasks.echo, numbers(500)).toArray();
      alike(many, numbers(500), "The results");
    },
  },
  {
    id: "order.map-unordered",
    title: "A map that need not keep the order gives its results as they come",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const slow = stage.gate();
      const inputs = [{ name: "slow", until: slow.path }, { name: "fast" }];
      const options = { ordered: false };
      const results = executor.map(tasks.hold, inputs, options)[Symbol.asyncIterator]();
      same((await results.next()).value, "fast");
      slow.open();
      same((await results.next()).value, "slow");
      const many = await executor.map(tasks.echo, numbers(500), options).toArray();
      alike(
        many.map(Number).sort((a, b) => a - b),
        numbers(500),
        "The results",
      );
    },
  },
  {
    id: "order.stream",
    title: "The items of a stream come in the order they were yielded",
    run: async (stage) => {
      const executor = await stage.executor();
      for (const task of [tasks.count, tasks.countLater]) {
        const items: unknown[] = [];
        for await (const item of executor.stream(task, 300, { window: 3 })) items.push(item);
        alike(items, numbers(300), "The items");
      }
    },
  },
];
