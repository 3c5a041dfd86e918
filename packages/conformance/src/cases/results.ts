import { moduleTasks } from "@quintet/core";
import { alike, failure, ok, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { importing } from "../needs.ts";
import { nodeModule } from "../node-modules.ts";
import { numbers } from "../supply.ts";
import { tasks } from "../tasks.ts";

/** A module of its own, which nobody has imported. */
interface Sample {
  double(n: number): number;
  default(n: number): number;
  greet(name: string): Promise<string>;
}

const sample = `data:text/javascript,${encodeURIComponent(`
  export const double = (n) => 2 * n;
  export default (n) => n + 1;
  export const greet = async (name) => "hello " + name;
`)}`;

export const resultCases: readonly ConformanceCase[] = [
  {
    id: "result.value",
    title: "A task's value arrives",
    run: async (stage) => {
      const executor = await stage.executor();
      for (const value of [42, -1.5, "text", "", true, false, 10n, { a: [1, { b: 2 }] }]) {
        alike(await executor.run(tasks.echo, value), value);
      }
    },
  },
  {
    id: "result.nothing",
    title: "undefined, null and no return value arrive as they are",
    run: async (stage) => {
      const executor = await stage.executor();
      same(await executor.run(tasks.echo, undefined), undefined);
      same(await executor.run(tasks.echo, null), null);
      same(await executor.run(tasks.nothing), undefined);
      same(await executor.submit(tasks.nothing).result, undefined);
    },
  },
  {
    id: "result.no-input",
    title: "A task that is given no input sees undefined",
    run: async (stage) => {
      const executor = await stage.executor();
      same(await executor.run(tasks.typeOf), "undefined");
      same(await executor.submit(tasks.typeOf, undefined, {}).result, "undefined");
      same(await executor.run(tasks.typeOf, null), "object");
    },
  },
  {
    id: "result.promise",
    title: "What a task promises is awaited, whether it is async, returns a promise or a thenable",
    run: async (stage) => {
      const executor = await stage.executor();
      same(await executor.run(tasks.later, 1), 1);
      same(await executor.run(tasks.promised, 2), 2);
      same(await executor.run(tasks.thenable, 3), 3);
    },
  },
  {
    id: "result.generator",
    title: "run() of a generator gives what it returns, and passes over what it yields",
    run: async (stage) => {
      const executor = await stage.executor();
      same(await executor.run(tasks.count, 3), "counted 3");
      same(await executor.run(tasks.countLater, 3), "counted 3 later");
      same(await executor.run(tasks.count, 1_000), "counted 1000");
    },
  },
  {
    id: "result.yielded-promise",
    title: "A promise that a sync generator yields is awaited, and its value or error comes back",
    run: async (stage) => {
      const executor = await stage.executor();
      same(await executor.run(tasks.asks), 22);
      same(await executor.run(tasks.asksInVain), "caught");
    },
  },
  {
    id: "result.submit",
    title: "submit() gives the same result and the same error as run()",
    run: async (stage) => {
      const executor = await stage.executor();
      same(await executor.submit(tasks.echo, 7).result, 7);
      same((await failure(executor.submit(tasks.fail, "TypeError").result)).message, "a TypeError");
    },
  },
  {
    id: "result.module",
    title: "The exports of a module that was never imported here run by their names",
    needs: [importing],
    run: async (stage) => {
      const executor = await stage.executor();
      const module = moduleTasks<Sample>("sample", sample);
      same(await executor.run(module.double, 21), 42);
      same(await executor.run(module.default, 1), 2);
      same(await executor.run(module.greet, "you"), "hello you");
      alike(await executor.map(module.double, [1, 2]).toArray(), [2, 4]);
    },
  },
  {
    id: "result.commonjs",
    title: "The exports of a CommonJS module run by their names",
    needs: [importing],
    run: async (stage) => {
      const executor = await stage.executor();
      const text = `
        exports.double = (n) => 2 * n;
        module.exports.greet = async (name) => "hello " + name;`;
      const url = nodeModule("node:url").pathToFileURL(stage.write("sample.cjs", text));
      const module = moduleTasks<Sample>("commonjs", url);
      same(await executor.run(module.double, 21), 42);
      same(await executor.run(module.greet, "you"), "hello you");
    },
  },
  {
    id: "result.big",
    title: "Values of several megabytes arrive whole",
    run: async (stage) => {
      const executor = await stage.executor();
      const text = "0123456789abcdef".repeat(300_000);
      ok((await executor.run(tasks.echo, text)) === text, "The text has changed on its way.");
      const bytes = new Uint8Array(4_000_000);
      for (let index = 0; index < bytes.length; index++) bytes[index] = index % 251;
      const back = (await executor.run(tasks.echo, bytes)) as Uint8Array;
      same(back.length, bytes.length, "The length");
      let wrong = 0;
      for (let index = 0; index < back.length; index++) if (back[index] !== index % 251) wrong++;
      same(wrong, 0, "The number of bytes that have changed on their way");
    },
  },
  {
    id: "result.many",
    title: "Each of 10,000 tasks settles once, with its own result",
    run: async (stage) => {
      const executor = await stage.executor();
      const before = executor.stats();
      const inputs = numbers(10_000);
      const results = await Promise.all(inputs.map((n) => executor.run(tasks.echo, n)));
      ok(
        results.every((result, n) => result === n),
        "A task has got the result of another one.",
      );
      const after = executor.stats();
      same(after.completed - before.completed, 10_000, "The number of completed tasks");
    },
  },
];
