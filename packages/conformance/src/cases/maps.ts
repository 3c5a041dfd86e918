import { alike, failure, ok, refusal, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { ConformanceError } from "../conformance-error.ts";
import { LateSupply, numbers, Supply } from "../supply.ts";
import { tasks } from "../tasks.ts";

export const mapCases: readonly ConformanceCase[] = [
  {
    id: "map.results",
    title: "A map runs a task for every input of any iterable, and gives every result",
    run: async (stage) => {
      const executor = await stage.executor();
      const due = [1, 2, 3];
      alike(await executor.map(tasks.echo, due).toArray(), due, "From an array");
      alike(await executor.map(tasks.echo, new Set(due)).toArray(), due, "From a set");
      alike(await executor.map(tasks.echo, due.values()).toArray(), due, "From an iterator");
      alike(await executor.map(tasks.echo, new LateSupply((n) => n + 1, 3)).toArray(), due);
      const results: unknown[] = [];
      for await (const result of executor.map(tasks.later, due)) results.push(result);
      alike(results, due, "In a loop");
    },
  },
  {
    id: "map.empty",
    title: "A map of nothing is over at once, and stays so",
    run: async (stage) => {
      const executor = await stage.executor();
      alike(await executor.map(tasks.echo, []).toArray(), []);
      alike(await executor.map(tasks.echo, new LateSupply((n) => n, 0)).toArray(), []);
      const iterator = executor.map(tasks.echo, [])[Symbol.asyncIterator]();
      alike(await iterator.next(), { done: true, value: undefined });
      alike(await iterator.next(), { done: true, value: undefined });
    },
  },
  {
    id: "map.twice",
    title: "The results of a map can be read once; the second reading fails with RESULTS_CONSUMED",
    run: async (stage) => {
      const executor = await stage.executor();
      const results = executor.map(tasks.echo, [1, 2]);
      alike(await results.toArray(), [1, 2]);
      await refusal(results.toArray(), "RESULTS_CONSUMED");
      const read = async (): Promise<void> => {
        for await (const _ of results);
      };
      await refusal(read(), "RESULTS_CONSUMED");
    },
  },
  {
    id: "map.concurrent-reading",
    title: "Several next() at once get one result each, in order, and then the end",
    run: async (stage) => {
      const executor = await stage.executor();
      const iterator = executor.map(tasks.echo, [1, 2])[Symbol.asyncIterator]();
      const steps = await Promise.all([1, 2, 3, 4].map(() => iterator.next()));
      alike(
        steps.map(({ value }) => value),
        [1, 2, undefined, undefined],
        "The results",
      );
      alike(
        steps.map(({ done }) => done === true),
        [false, false, true, true],
        "The ends",
      );
    },
  },
  {
    id: "map.settle",
    title: "With `settle` a map yields how each task ended, errors among the results",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const outcomes = await executor.map(tasks.failOdd, numbers(6), { settle: true }).toArray();
      alike(
        outcomes.map(({ index }) => index),
        numbers(6),
        "The indices",
      );
      for (const outcome of outcomes) {
        const odd = outcome.index % 2 === 1;
        same(outcome.status, odd ? "rejected" : "fulfilled", "The status");
        if (outcome.status === "fulfilled") same(outcome.value, outcome.index, "The value");
        else ok(outcome.reason instanceof ConformanceError, "The reason is no ConformanceError.");
      }
      const unordered = executor.map(tasks.failOdd, numbers(6), { settle: true, ordered: false });
      const statuses = (await unordered.toArray()).map(({ status }) => status);
      alike(statuses.filter((status) => status === "rejected").length, 3, "The failures");
    },
  },
  {
    id: "map.progress",
    title: "A map tells how many tasks are done and failed, and of how many where that is known",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const told: object[] = [];
      const onProgress = (progress: object): unknown => told.push({ ...progress });
      const options = { settle: true, onProgress } as const;
      await executor.map(tasks.failOdd, numbers(3), options).toArray();
      // What ends at the same time may be counted in any order: an error has a longer way than a result.
      const failed = told.map((progress) => ("failed" in progress ? progress.failed : undefined));
      ok(failed[1] === 0 || failed[1] === 1, `Then ${String(failed[1])} have failed.`);
      alike(told.splice(0), [
        { done: 1, failed: 0, total: 3 },
        { done: 2, failed: failed[1], total: 3 },
        { done: 3, failed: 1, total: 3 },
      ]);
      await executor.map(tasks.failOdd, new Set([0]), options).toArray();
      alike(told.splice(0), [{ done: 1, failed: 0, total: 1 }], "Of a set");
      await executor.map(tasks.failOdd, new Supply((n) => n, 1), options).toArray();
      alike(told.splice(0), [{ done: 1, failed: 0 }], "Of an input of unknown length");
    },
  },
  {
    id: "map.progress-throws",
    title: "When onProgress throws, the map fails with that very error",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const reason = new Error("I do not want to hear it");
      const supply = new Supply((n) => n);
      const onProgress = (): never => {
        throw reason;
      };
      same(await failure(executor.map(tasks.echo, supply, { onProgress }).toArray()), reason);
      same(supply.closed, 1, "How often the input was closed");
    },
  },
  {
    id: "map.error",
    title: "The first error comes where its result would have, after all results before it",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const inputs = numbers(20).map((n) => ({ n, at: 7 }));
      const results: unknown[] = [];
      const read = async (): Promise<void> => {
        for await (const result of executor.map(tasks.failAt, inputs)) results.push(result);
      };
      const error = await failure(read());
      ok(error instanceof ConformanceError && error.status === 7, `It is ${error.message}.`);
      alike(results, numbers(7), "The results before it");
    },
  },
  {
    id: "map.input-throws",
    title: "When the input throws, its error comes after the results of the inputs before it",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const reason = new Error("no more inputs");
      const make = (n: number): number => {
        if (n === 3) throw reason;
        return n;
      };
      for (const supply of [new Supply(make), new LateSupply(make)]) {
        const results: unknown[] = [];
        const read = async (): Promise<void> => {
          for await (const result of executor.map(tasks.echo, supply)) results.push(result);
        };
        same(await failure(read()), reason, "The error");
        alike(results, numbers(3), "The results before it");
      }
      const broken = {
        [Symbol.iterator](): never {
          throw reason;
        },
      };
      same(await failure(executor.map(tasks.echo, broken).toArray()), reason, "The error");
    },
  },
];
