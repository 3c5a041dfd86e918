import { alike, same, ok } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import type { Stage } from "../stage.ts";
import { LateSupply, numbers, Supply } from "../supply.ts";
import { tasks } from "../tasks.ts";

/** How many items a producer has made when its consumer stops after `taken` items. */
async function producedBy(
  stage: Stage,
  name: "produce" | "produceLater",
  window: number,
  taken: number,
): Promise<number> {
  const executor = await stage.executor();
  const log = stage.log();
  const stream = executor.stream(tasks[name], { log: log.path, length: 10_000 }, { window });
  for (let n = 0; n < taken; n++) same((await stream.next()).value, n, "The item");
  await stage.moment();
  await stream.return(undefined);
  return Number(log.lines()[0]?.replace("made ", ""));
}

export const pressureCases: readonly ConformanceCase[] = [
  {
    id: "pressure.map-lazy",
    title: "A map reads no input and starts nothing before its results are read",
    run: async (stage) => {
      const executor = await stage.executor();
      const log = stage.log();
      const supply = new Supply(() => ({ log: log.path }));
      executor.map(tasks.mark, supply);
      await stage.moment();
      same(supply.taken, 0, "The number of inputs read");
      alike(log.lines(), [], "What ran");
    },
  },
  {
    id: "pressure.map-window",
    title: "A map reads its endless input at most `window` ahead of its consumer",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      let asked = 0;
      let furthest = 0;
      const supply = new Supply((n) => {
        furthest = Math.max(furthest, n + 1 - asked);
        return n;
      });
      const results = executor.map(tasks.echo, supply, { window: 4 })[Symbol.asyncIterator]();
      for (; asked < 50;) {
        asked++;
        same((await results.next()).value, asked - 1, "The result");
        if (asked % 10 === 0) await stage.moment(5);
      }
      await results.return?.();
      ok(furthest <= 4, `It has read ${furthest} inputs ahead, where 4 were allowed.`);
      same(supply.closed, 1, "How often the input was closed");
    },
  },
  {
    id: "pressure.map-default-window",
    title: "Without a `window` a map reads twice its concurrency ahead, and not on for ever",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const supply = new Supply((n) => n);
      const results = executor.map(tasks.echo, supply, { concurrency: 3 })[Symbol.asyncIterator]();
      same((await results.next()).value, 0);
      await stage.moment();
      ok(supply.taken <= 7, `It has read ${supply.taken} inputs, where 7 were allowed.`);
      ok(supply.taken >= 2, "It has read nothing ahead.");
      await results.return?.();
    },
  },
  {
    id: "pressure.map-async-input",
    title: "A map reads an async input one value at a time, and closes it when it is left",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const input = new LateSupply((n) => n);
      let sum = 0;
      for await (const n of executor.map(tasks.echo, input, { window: 5 })) {
        sum += Number(n);
        if (n === 30) break;
      }
      same(sum, 465, "The sum");
      ok(input.supply.taken <= 36, `It has read ${input.supply.taken} inputs.`);
      same(input.supply.closed, 1, "How often the input was closed");
      const finite = new LateSupply((n) => n, 20);
      alike(await executor.map(tasks.echo, finite).toArray(), numbers(20), "The results");
    },
  },
  {
    id: "pressure.concurrency",
    title: "An executor runs as many tasks at a time as it was told, and no more",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const log = stage.log();
      const gates = numbers(5).map(() => stage.gate());
      const runs = gates.map((gate, n) =>
        executor.run(tasks.hold, { log: log.path, name: `${n}`, until: gate.path }),
      );
      const started = (): string[] => log.lines().filter((line) => line.endsWith(" started"));
      for (const n of numbers(5)) {
        const running = Math.min(n + 2, 5);
        await stage.until(() => started().length >= running, `${running} started tasks`);
        await stage.moment(10);
        same(started().length, running, "The number of started tasks");
        // In the order of their starts: two workers may begin theirs in any.
        const next = Number.parseInt(started()[n] as string, 10);
        gates[next]?.open();
        await log.has(`${next} ended`);
      }
      alike(await Promise.all(runs), ["0", "1", "2", "3", "4"], "The results");
    },
  },
  {
    id: "pressure.map-concurrency",
    title: "A map keeps as many tasks under way as it was told, and no more",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 3 });
      const log = stage.log();
      const gates = numbers(4).map(() => stage.gate());
      const inputs = gates.map(({ path }, n) => ({ log: log.path, name: `${n}`, until: path }));
      const whole = executor.map(tasks.hold, inputs, { concurrency: 2 }).toArray();
      for (const [n, gate] of gates.entries()) {
        const running = Math.min(n + 2, 4);
        const started = (): number => log.lines().filter((line) => line.endsWith("started")).length;
        await stage.until(() => started() >= running, `${running} started tasks`);
        await stage.moment(10);
        same(started(), running, "The number of started tasks");
        gate.open();
        await log.has(`${n} ended`);
      }
      alike(await whole, ["0", "1", "2", "3"], "The results");
    },
  },
  {
    id: "pressure.map-chunk",
    title: "Any size of chunk gives the same results",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      for (const chunk of [1, 3, 7, 20, 100, "auto"] as const) {
        const results = executor.map(tasks.echo, numbers(20), { chunk });
        alike(await results.toArray(), numbers(20), `The results with chunk ${chunk}`);
        const windowed = executor.map(tasks.echo, numbers(20), {
          chunk,
          window: 2,
          concurrency: 5,
        });
        alike(await windowed.toArray(), numbers(20), `The results with chunk ${chunk}, window 2`);
      }
    },
  },
  {
    id: "pressure.stream-window",
    title: "A stream pauses its producer when `window` items wait for the consumer",
    run: async (stage) => {
      for (const task of ["produce", "produceLater"] as const) {
        for (const [window, taken] of [
          [1, 1],
          [4, 1],
          [4, 10],
        ] as const) {
          const made = await producedBy(stage, task, window, taken);
          // One more may be made, and held until there is room for it.
          const most = taken + window + 1;
          ok(made <= most, `${task} has made ${made} items, where ${most} were allowed.`);
          ok(made >= taken, `${task} has made ${made} items, and ${taken} were taken.`);
        }
      }
    },
  },
  {
    id: "pressure.stream-default-window",
    title: "Without a `window` a stream has room for 16 items",
    run: async (stage) => {
      const executor = await stage.executor();
      const log = stage.log();
      const stream = executor.stream(tasks.produce, { log: log.path, length: 10_000 });
      same((await stream.next()).value, 0);
      await stage.moment();
      await stream.return(undefined);
      const made = Number(log.lines()[0]?.replace("made ", ""));
      ok(made >= 10 && made <= 18, `${made} items were made, where 16 have room.`);
    },
  },
  {
    id: "pressure.stream-resumes",
    title: "A paused producer goes on as its consumer does",
    run: async (stage) => {
      const executor = await stage.executor();
      let sum = 0;
      for await (const n of executor.stream(tasks.count, 100, { window: 2 })) {
        sum += n;
        if (n % 25 === 0) await stage.moment(2);
      }
      same(sum, 4950, "The sum");
    },
  },
];
