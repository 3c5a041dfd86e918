import type { Executor } from "@quintet/core";
import { alike, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { elsewhere, parallel } from "../needs.ts";
import type { Stage } from "../stage.ts";
import { tasks } from "../tasks.ts";

/** An executor that has seen some hundred tasks of no length, and may expect more of them. */
async function hurried(stage: Stage, concurrency: number): Promise<Executor> {
  const executor = await stage.executor({ concurrency });
  const inputs = Array.from({ length: 300 }, (_, index) => index);
  await Promise.all(inputs.map((input) => executor.run(tasks.echo, input)));
  return executor;
}

const numbers = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** What speed must not cost: nobody waits for a neighbour that is slow. */
export const fairnessCases: readonly ConformanceCase[] = [
  {
    id: "fair.results",
    title: "Results are there although the next task blocks their worker",
    needs: [elsewhere],
    run: async (stage) => {
      const executor = await hurried(stage, 1);
      const gate = stage.gate();
      const before = numbers(20).map((input) => executor.run(tasks.echo, input));
      const blocked = executor.run(tasks.spin, { until: gate.path });
      alike(await Promise.all(before), numbers(20), "The results before it");
      gate.open();
      same(await blocked, "spin");
    },
  },
  {
    id: "fair.map",
    title: "A map hands over the results before a task that blocks its worker",
    needs: [elsewhere],
    run: async (stage) => {
      const executor = await hurried(stage, 1);
      const gate = stage.gate();
      const inputs = [...numbers(20).map(() => ""), gate.path, "", ""];
      const results: string[] = [];
      for await (const result of executor.map(tasks.blockAt, inputs, { window: 100 })) {
        if (results.push(result) === 20) gate.open();
      }
      alike(results, inputs, "The results");
    },
  },
  {
    id: "fair.long",
    title: "A long task holds back none that another worker could run",
    needs: [elsewhere, parallel],
    run: async (stage) => {
      const executor = await hurried(stage, 2);
      const gate = stage.gate();
      const calls = numbers(200).map((input) => executor.run(tasks.echo, input));
      const blocked = executor.run(tasks.spin, { until: gate.path });
      calls.push(...numbers(200).map((input) => executor.run(tasks.echo, input)));
      alike(await Promise.all(calls), [...numbers(200), ...numbers(200)], "The results");
      gate.open();
      same(await blocked, "spin");
    },
  },
  {
    id: "fair.timers",
    title: "Timers that a task left behind go on while its worker has nothing to do",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const [log, gate] = [stage.log(), stage.gate()];
      await executor.run(tasks.markLater, { log: log.path, name: "later", until: gate.path });
      gate.open();
      await log.has("later");
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
];
