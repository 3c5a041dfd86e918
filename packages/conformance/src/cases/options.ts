import type { Executor, RunOptions } from "@quintet/core";
import { alike, ok, refusal, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { tasks } from "../tasks.ts";

type Options = Record<string, unknown>;

/** Every method that takes options, as a promise that shows what becomes of them. */
const methods: Record<string, (executor: Executor, options: unknown) => Promise<unknown>> = {
  run: (executor, options) => executor.run(tasks.echo, 1, options as RunOptions),
  submit: (executor, options) => executor.submit(tasks.echo, 1, options as RunOptions).result,
  map: (executor, options) => executor.map(tasks.echo, [1], options as object).toArray(),
  stream: (executor, options) => executor.stream(tasks.count, 1, options as object).next(),
};

const wrong: Record<string, unknown[]> = {
  signal: ["abort", 5, null, {}],
  timeout: [Number.NaN, -1, 0, "5", null],
  deadline: [Number.NaN, new Date(Number.NaN), "tomorrow", null],
  priority: [Number.NaN, "high", null],
  retries: [-1, 0.5, Number.NaN, "3", null],
};

const wrongRun: Record<string, unknown[]> = {
  ...wrong,
  key: [Number.NaN, true, {}, null],
  transfer: [5, {}, null],
  id: [5, null, {}],
  attempt: [0, -1, 1.5, Number.NaN, "1"],
  onProgress: [5, {}, null],
};

const wrongOf: Record<string, Record<string, unknown[]>> = {
  run: wrongRun,
  submit: wrongRun,
  stream: { ...wrongRun, window: [0, -1, 1.5, Number.NaN, "2", null] },
  map: {
    ...wrong,
    concurrency: [0, -1, 1.5, Number.NaN, "2"],
    ordered: [1, "yes", null],
    chunk: [0, -1, 1.5, Number.NaN, "all"],
    window: [0, -1, 1.5, Number.NaN, "2"],
    settle: [1, "yes", null],
    onProgress: [5, {}, null],
  },
};

const neutral: Record<string, Options> = {
  run: { timeout: 60_000, priority: 1, retries: 0, attempt: 1, onProgress: (): void => {} },
  submit: { timeout: 60_000, priority: -1, retries: 5, attempt: 2 },
  stream: { timeout: 60_000, priority: 1, window: 1 },
  map: { timeout: 60_000, concurrency: 1, ordered: true, chunk: "auto", window: 1, settle: false },
};

export const optionCases: readonly ConformanceCase[] = [
  ...Object.entries(methods).map(([method, call]): ConformanceCase => ({
    id: `option.${method}`,
    title: `${method}() rejects unknown and wrong options with INVALID_OPTION, naming them`,
    run: async (stage) => {
      const executor = await stage.executor();
      for (const [name, values] of Object.entries(wrongOf[method] ?? {})) {
        for (const value of values) {
          const error = await refusal(call(executor, { [name]: value }), "INVALID_OPTION");
          ok(error.message.includes(name), `The message is "${error.message}".`);
        }
      }
      const unknown = await refusal(call(executor, { tiemout: 5 }), "INVALID_OPTION");
      ok(unknown.message.includes("tiemout"), `The message is "${unknown.message}".`);
      for (const options of [5, "options", true]) {
        await refusal(call(executor, options), "INVALID_OPTION");
      }
      await call(executor, neutral[method]);
    },
  })),
  {
    id: "option.absent",
    title: "An option that is undefined counts as absent, and so does one that is inherited",
    run: async (stage) => {
      const executor = await stage.executor();
      for (const [method, call] of Object.entries(methods)) {
        const options = Object.keys(wrongOf[method] ?? {}).map((name) => [name, undefined]);
        await call(executor, Object.fromEntries(options));
        await call(executor, Object.create({ timeout: -1, tiemout: 1 }));
        await call(executor, Object.create(null));
      }
    },
  },
  {
    id: "option.copied",
    title: "Options are read once: changing them afterwards changes nothing",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const held = await stage.hold(executor);
      const options: { attempt: number; retries?: unknown } = { attempt: 4 };
      const run = executor.run(tasks.aboutContext, undefined, options as RunOptions);
      options.attempt = 9;
      held.open();
      same((await run).attempt, 4, "The attempt");
    },
  },
  {
    id: "option.no-task",
    title: "Something that is no task rejects with INVALID_OPTION; no method throws",
    run: async (stage) => {
      const executor = await stage.executor();
      for (const nothing of [undefined, null, "conformance.echo", 5, {}]) {
        const task = nothing as typeof tasks.count;
        const started = [
          executor.run(task, 1),
          executor.submit(task, 1).result,
          executor.stream(task, 1).next(),
          executor.map(task, [1]).toArray(),
        ];
        for (const one of started) await refusal(one, "INVALID_OPTION");
      }
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "option.counted",
    title: "A refused call counts as a failed task, and leaves nothing behind",
    run: async (stage) => {
      const executor = await stage.fresh();
      await refusal(executor.run(tasks.echo, 1, { timeout: -1 }), "INVALID_OPTION");
      const { waiting, queued, running, completed } = executor.stats();
      alike(
        { waiting, queued, running, completed },
        { waiting: 0, queued: 0, running: 0, completed: 0 },
      );
    },
  },
];
