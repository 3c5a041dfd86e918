import type { Executor } from "@quintet/core";
import { alike, ok, refusal, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { describeValue } from "../describe-value.ts";
import { byClone, byCopy, byReference, notEncoded } from "../needs.ts";
import { tasks } from "../tasks.ts";

const binary = (): Uint8Array => Uint8Array.of(0, 1, 127, 128, 255);

/** What every place can carry. */
const everyday = (): unknown[] => [
  { undefined, null: null, nan: Number.NaN, minusZero: -0, infinite: [Infinity, -Infinity] },
  new Date(86_400_000),
  new Map<unknown, unknown>([
    ["a", new Map([[1, "one"]])],
    [2, new Set(["x"])],
  ]),
  new Set([1, "1", null]),
  [2n ** 70n, -1n, 0n],
  binary(),
  new TypeError("an error as a value"),
  { deep: { nested: [{ list: [[], [[]]] }] }, "": "empty key", "a.b": "dot", "ключ 🔑": "ключ 🔑" },
];

/** What structured clone carries besides. */
const cloneable = (): unknown[] => {
  const cycle: { self?: unknown; list: unknown[] } = { list: [] };
  cycle.self = cycle;
  cycle.list.push(cycle);
  const shared = { one: 1 };
  // oxlint-disable-next-line no-sparse-arrays, no-new-wrappers -- both can be cloned
  const odd = [, 1, , undefined, new Boolean(false), new Number(-0), new String("s"), Object(5n)];
  const { buffer } = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2);
  return [
    cycle,
    { first: shared, second: shared },
    odd,
    /pattern+/giu,
    buffer,
    [new Uint16Array(buffer, 2, 2), new DataView(buffer, 1, 3), new Float64Array(buffer)],
    new Error("outer", { cause: new RangeError("inner") }),
  ];
};

const guilty = (): object => ({ options: { onDone(): void {} } });

/** What a task gives away cannot travel: the task is rejected, and nothing else happens. */
function uncloneable(
  what: string,
  title: string,
  start: (executor: Executor) => Promise<unknown>,
): ConformanceCase {
  return {
    id: `value.uncloneable-${what}`,
    title: `${title} that cannot travel rejects its task alone, with the path of the guilty property`,
    needs: [byClone],
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const before = executor.run(tasks.echo, 1);
      const bad = refusal(start(executor), "NOT_CLONEABLE");
      const after = executor.run(tasks.echo, 2);
      const { path } = await bad;
      ok(path.endsWith("options.onDone"), `The path ${path} does not name options.onDone.`);
      alike(await Promise.all([before, after]), [1, 2], "What the neighbours gave");
      same(executor.stats().restarts, 0, "The number of lost workers");
    },
  };
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

export const valueCases: readonly ConformanceCase[] = [
  {
    id: "value.everyday",
    title:
      "Dates, maps, sets, big integers, binary data, errors, undefined, NaN and -0 arrive whole",
    run: async (stage) => {
      const executor = await stage.executor();
      for (const value of everyday()) {
        same(await executor.run(tasks.describe, value), describeValue(value), "What the task got");
        alike(await executor.run(tasks.echo, value), value, "What came back");
      }
    },
  },
  {
    id: "value.clone",
    title: "Whatever structured clone knows arrives whole: cycles, holes, views, wrappers",
    needs: [notEncoded],
    run: async (stage) => {
      const executor = await stage.executor();
      for (const value of cloneable()) {
        same(await executor.run(tasks.describe, value), describeValue(value), "What the task got");
        alike(await executor.run(tasks.echo, value), value, "What came back");
      }
    },
  },
  {
    id: "value.reference",
    title: "Values by reference are handed over as the very same objects",
    needs: [byReference],
    run: async (stage) => {
      const executor = await stage.executor();
      const value = { call: (): number => 1, symbol: Symbol("s") };
      same(await executor.run(tasks.echo, value), value, "The result");
      for await (const item of executor.stream(tasks.items, [value])) same(item, value, "The item");
      for await (const item of executor.map(tasks.echo, [value])) same(item, value, "The result");
      await executor.run(tasks.report, [value], {
        onProgress: (reported) => same(reported, value, "The progress"),
      });
    },
  },
  {
    id: "value.copy",
    title: "What a task does to its copy of the input does not reach the caller",
    needs: [byCopy],
    run: async (stage) => {
      const executor = await stage.executor();
      const counter = { count: 0 };
      same(await executor.run(tasks.increment, counter), 1);
      same(counter.count, 0, "The caller's own count");
    },
  },
  {
    id: "value.neighbours",
    title: "One object given to several tasks of one tick is an object of its own for each",
    needs: [byCopy],
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const counter = { count: 0 };
      const runs = [1, 2, 3].map(() => executor.run(tasks.increment, counter));
      alike(await Promise.all(runs), [1, 1, 1], "What each task counted");
      const mapped = executor.map(tasks.increment, [counter, counter, counter], { chunk: 3 });
      alike(await mapped.toArray(), [1, 1, 1], "What each task of a map counted");
      const results = await Promise.all([1, 2].map(() => executor.run(tasks.echo, counter)));
      same(results[0] === results[1], false, "Whether two results are one object");
    },
  },
  {
    id: "value.uncloneable-input",
    title:
      "An input that cannot travel rejects its task alone, with the path of the guilty property",
    needs: [byClone],
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const [before, bad, after] = [
        executor.run(tasks.echo, 1),
        refusal(executor.run(tasks.echo, guilty()), "NOT_CLONEABLE"),
        executor.run(tasks.echo, 2),
      ];
      same((await bad).path, "input.options.onDone");
      alike(await Promise.all([before, after]), [1, 2], "What the neighbours gave");
      same((await refusal(executor.run(tasks.echo, Symbol("s")), "NOT_CLONEABLE")).path, "input");
      same(
        (await refusal(executor.run(tasks.echo, [[() => 1]]), "NOT_CLONEABLE")).path,
        "input[0][0]",
      );
      const named = refusal(executor.run(tasks.echo, { "a b": Symbol("s") }), "NOT_CLONEABLE");
      same((await named).path, 'input["a b"]');
      same(executor.stats().restarts, 0, "The number of lost workers");
    },
  },
  {
    id: "value.throwing-input",
    title: "An input whose getter throws rejects its task alone",
    needs: [byCopy],
    run: async (stage) => {
      const executor = await stage.executor();
      const trap = {
        get secret(): never {
          throw new RangeError("do not look");
        },
      };
      const bad = refusal(executor.run(tasks.echo, { trap }), "NOT_CLONEABLE");
      const good = executor.run(tasks.echo, 1);
      await bad;
      same(await good, 1);
    },
  },
  {
    id: "value.uncloneable-map-input",
    title: "An input of a map that cannot travel fails alone",
    needs: [byCopy],
    run: async (stage) => {
      const executor = await stage.executor();
      const inputs = [1, guilty(), 3];
      const outcomes = await executor.map(tasks.echo, inputs, { settle: true, chunk: 3 }).toArray();
      alike(
        outcomes.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled"],
      );
    },
  },
  uncloneable("output", "A result", (executor) => executor.run(tasks.giveFunction)),
  uncloneable("progress", "A reported value", (executor) => executor.run(tasks.reportFunction)),
  uncloneable("item", "An item", (executor) => drain(executor.stream(tasks.yieldFunction))),
];
