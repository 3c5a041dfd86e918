import type { Executor, RunOptions } from "@quintet/core";
import { alike, later, ok, refusal, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { elsewhere, keyed, notKeyed } from "../needs.ts";
import type { Held, Log, Stage } from "../stage.ts";
import { numbers } from "../supply.ts";
import { tasks } from "../tasks.ts";

/** A task with a key, or more options, that runs until it is opened; resolves when it runs. */
async function hold(
  stage: Stage,
  executor: Executor,
  options: RunOptions,
  task: "hold" | "deaf" = "hold",
): Promise<Held> {
  const [log, gate] = [stage.log(), stage.gate()];
  const result = later(executor.run(tasks[task], { log: log.path, until: gate.path }, options));
  await log.has(`${task} started`);
  return { log, result, open: gate.open };
}

const mark = (executor: Executor, log: Log, name: string, options?: RunOptions): Promise<unknown> =>
  executor.run(tasks.mark, { log: log.path, name }, options);

const keyOf = (name: string): string => name.split(":")[0] as string;

const keyedCases: readonly Omit<ConformanceCase, "needs">[] = [
  {
    id: "key.one-at-a-time",
    title: "keyed: tasks of one key run one at a time, in order, and hold up no others",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const held = await hold(stage, executor, { key: "a" });
      const log = stage.log();
      const behind = numbers(5).map((n) => mark(executor, log, `a${n}`, { key: "a" }));
      await mark(executor, log, "no key");
      await mark(executor, log, "another key", { key: "b" });
      alike(log.lines(), ["no key", "another key"], "What ran meanwhile");
      held.open();
      await Promise.all([held.result, ...behind]);
      alike(log.lines().slice(2), ["a0", "a1", "a2", "a3", "a4"], "The order");
    },
  },
  {
    id: "key.priority",
    title: "keyed: higher priorities go first within a key too",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const held = await hold(stage, executor, { key: 1 });
      const log = stage.log();
      const names = ["low 0", "high 1", "low 1", "high 2"];
      const runs = names.map((name) =>
        mark(executor, log, name, { key: 1, priority: name.startsWith("high") ? 1 : 0 }),
      );
      held.open();
      await Promise.all([held.result, ...runs]);
      alike(log.lines(), ["high 1", "high 2", "low 0", "low 1"], "The order");
    },
  },
  {
    id: "key.methods",
    title: "keyed: run, submit and stream with one key wait for each other",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const held = await hold(stage, executor, { key: "m" });
      const log = stage.log();
      const errand = { log: log.path, name: "submit" };
      const run = mark(executor, log, "run", { key: "m" });
      const job = executor.submit(tasks.mark, errand, { key: "m" });
      const stream = executor.stream(tasks.produce, { log: log.path, length: 0 }, { key: "m" });
      const end = stream.next();
      const last = mark(executor, log, "last", { key: "m" });
      await stage.moment();
      alike(log.lines(), [], "What ran before its turn");
      same(job.state, "queued", "The state of the job");
      held.open();
      await Promise.all([held.result, run, job.result, end, last]);
      alike(log.lines(), ["run", "submit", "made 0", "last"], "The order");
    },
  },
  {
    id: "key.abort",
    title: "keyed: an abort takes a waiting task out, and the next waits until a running one ends",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const [running, waiting] = [new AbortController(), new AbortController()];
      const held = await hold(stage, executor, { key: "k", signal: running.signal }, "deaf");
      const log = stage.log();
      const gone = later(mark(executor, log, "gone", { key: "k", signal: waiting.signal }));
      const next = mark(executor, log, "next", { key: "k" });
      waiting.abort("waiting");
      running.abort("running");
      same(await rejection(gone), "waiting", "The reason");
      same(await rejection(held.result), "running", "The reason");
      await stage.moment();
      alike(log.lines(), [], "What ran beside the one that goes on");
      held.open();
      await next;
      alike(log.lines(), ["next"], "What ran");
    },
  },
  {
    id: "key.many",
    title: "keyed: many keys keep their orders side by side",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const log = stage.log();
      const names = numbers(120).map((n) => `${n % 7}:${n}`);
      await Promise.all(names.map((name) => mark(executor, log, name, { key: keyOf(name) })));
      for (const key of numbers(7).map(String)) {
        const ofKey = (name: string): boolean => keyOf(name) === key;
        alike(log.lines().filter(ofKey), names.filter(ofKey), `The order of ${key}`);
      }
    },
  },
];

const stickyCases: readonly Omit<ConformanceCase, "needs">[] = [
  {
    id: "key.same-worker",
    title: "keyed: tasks of one key run on one worker, also while it is busy and others are not",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const key = crypto.randomUUID();
      const keep = (value: string): Promise<unknown> =>
        executor.run(tasks.keep, { key, value }, { key });
      same(await keep("first"), undefined, "What the first finds");
      const others = numbers(20).map((n) => executor.run(tasks.echo, n));
      same(await keep("second"), "first", "What the second finds");
      await Promise.all(others);
      const held = await hold(stage, executor, { key });
      const third = keep("third");
      alike(await executor.run(tasks.echo, 1), 1);
      held.open();
      same(await third, "second", "What the third finds");
    },
  },
  {
    id: "key.loss",
    title: "keyed: when its worker is lost, a key moves to another with what waits, in order",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const log = stage.log();
      const options = { key: "lost", retries: 1 };
      const retried = executor.run(tasks.exitOnce, { log: log.path }, options);
      const names = ["a", "b", "c"];
      const marks = names.map((name) => mark(executor, log, name, { key: "lost" }));
      same(await retried, 2, "The attempt");
      await Promise.all(marks);
      alike(log.lines(), ["attempt 1", "attempt 2", ...names], "The order");
      const bad = refusal(executor.run(tasks.exit, 1, { key: "lost" }), "WORKER_LOST");
      const good = executor.run(tasks.echo, "after", { key: "lost" });
      await bad;
      same(await good, "after");
    },
  },
];

/** Tasks that belong together, by the option `key`. */
export const keyCases: readonly ConformanceCase[] = [
  ...keyedCases.map((conformanceCase) => ({ ...conformanceCase, needs: [keyed] })),
  ...stickyCases.map((conformanceCase) => ({ ...conformanceCase, needs: [keyed, elsewhere] })),
  {
    id: "key.refused",
    title: "no keys: the option is refused with NOT_SUPPORTED, which names it",
    needs: [notKeyed],
    run: async (stage) => {
      const executor = await stage.executor();
      const refused = [
        executor.run(tasks.echo, 1, { key: "a" }),
        executor.submit(tasks.echo, 1, { key: 0 }).result,
        executor.stream(tasks.count, 1, { key: "" }).next(),
      ];
      for (const one of refused) {
        const { message } = await refusal(one, "NOT_SUPPORTED");
        ok(message.includes("key"), `The message is "${message}".`);
      }
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
];
