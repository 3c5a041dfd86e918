import { defineTasks, isQuintetError, moduleTasks } from "@quintet/core";
import { alike, ok, refusal, rejection, same, shown } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { importing, importingElsewhere } from "../needs.ts";
import { oddTasks, tasks } from "../tasks.ts";

/** Any export of a module, also one that it lacks. */
type Anything = Record<string, (input: unknown) => unknown>;

const code = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;

const oddNames = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "../../x",
  "file:///x",
  "",
];

export const loadingCases: readonly ConformanceCase[] = [
  {
    id: "load.missing-export",
    title: "A module that lacks the export rejects with both names, and the next task works",
    needs: [importing],
    run: async (stage) => {
      const executor = await stage.executor();
      const url = code("export const there = () => 1; export const number = 1;");
      const module = moduleTasks<Anything>("lacking", url);
      const error = await refusal(executor.run(module["absent"]!, 1), "TASK_NOT_FOUND");
      ok(error.message.includes("absent"), `The message is "${error.message}".`);
      await refusal(executor.run(module["number"]!, 1), "TASK_NOT_FOUND");
      same(await executor.run(module["there"]!, 1), 1);
    },
  },
  {
    id: "load.missing-module",
    title: "A module that does not exist rejects with its URL, and the next task works",
    needs: [importing],
    run: async (stage) => {
      const executor = await stage.executor();
      const url = new URL("./no-such-module.js", import.meta.url);
      const { anything } = moduleTasks<Anything>("missing", url);
      const error = await refusal(executor.run(anything!, 1), "TASK_LOAD_FAILED");
      ok(error.message.includes("no-such-module.js"), `The message is "${error.message}".`);
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "load.throwing-module",
    title: "A module that throws while it is loaded rejects with what it threw as the cause",
    needs: [importing],
    run: async (stage) => {
      const executor = await stage.executor();
      const url = code("throw Object.assign(new RangeError('not today'), { code: 'E_LOAD' });");
      const { anything } = moduleTasks<Anything>("throwing", url);
      const error = await refusal(executor.run(anything!, 1), "TASK_LOAD_FAILED");
      const cause = error.cause as RangeError & { code: string };
      ok(cause instanceof RangeError, `The cause is ${shown(cause)}.`);
      same(cause.code, "E_LOAD", "The code of the cause");
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "load.own-error",
    title: "Tasks that fail over one module have an error object each",
    needs: [importing],
    run: async (stage) => {
      const executor = await stage.executor();
      const { anything } = moduleTasks<Anything>("failing", code("throw new Error('for both')"));
      const errors = await Promise.all(
        [1, 2].map(() => refusal(executor.run(anything!, 1), "TASK_LOAD_FAILED")),
      );
      same(errors[0] === errors[1], false, "Whether two tasks have one error");
    },
  },
  {
    id: "load.exiting-module",
    title: "A module that exits while it is loaded rejects its task, and the next one works",
    needs: [importingElsewhere],
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const { anything } = moduleTasks<Anything>("exiting", code("process.exit(7)"));
      const [bad, good] = [rejection(executor.run(anything!, 1)), executor.run(tasks.echo, 1)];
      const error = await bad;
      ok(isQuintetError(error), `It is rejected with ${shown(error)}.`);
      same(await good, 1);
    },
  },
  {
    id: "load.undefined-task",
    title: "A module that does not define the task it is said to define rejects with its name",
    needs: [importingElsewhere],
    run: async (stage) => {
      const executor = await stage.executor();
      const url = code("export const nothing = 0;");
      const { ghost } = defineTasks("elsewhere", url, { ghost: () => 1 });
      const error = await refusal(executor.run(ghost), "TASK_NOT_FOUND");
      ok(error.message.includes("elsewhere.ghost"), `The message is "${error.message}".`);
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "name.defined",
    title: "Tasks named __proto__, constructor, ../../x or file:///… are tasks like others",
    run: async (stage) => {
      const executor = await stage.executor();
      for (const name of Object.keys(oddTasks) as (keyof typeof oddTasks)[]) {
        same(await executor.run(oddTasks[name]), `of ${name || "nothing"}`);
      }
      same(Object.hasOwn(oddTasks, "__proto__"), true, "Whether __proto__ is a task");
    },
  },
  {
    id: "name.not-exported",
    title:
      "Exports named __proto__, constructor, ../../x or file:///… are not found where there are none",
    needs: [importing],
    run: async (stage) => {
      const executor = await stage.executor();
      const module = moduleTasks<Anything>("names", code("export const one = () => 1;"));
      for (const name of oddNames) {
        await refusal(executor.run(module[name]!, 1), "TASK_NOT_FOUND");
      }
      const main = moduleTasks<Anything>("main", code("export default () => 1;"));
      for (const name of oddNames) await refusal(executor.run(main[name]!, 1), "TASK_NOT_FOUND");
      same(await executor.run(module["one"]!, 1), 1);
    },
  },
  {
    id: "name.exported",
    title: "Exports with odd names are found where there are some",
    needs: [importing],
    run: async (stage) => {
      const executor = await stage.executor();
      const url = code(`
        const f = (n) => n + 1;
        export { f as __proto__, f as constructor, f as "../../x" };
      `);
      const module = moduleTasks<Anything>("odd", url);
      const names = ["__proto__", "constructor", "../../x"];
      const results = await Promise.all(names.map((name) => executor.run(module[name]!, 1)));
      alike(results, [2, 2, 2]);
    },
  },
  {
    id: "name.not-defined",
    title:
      "Task ids named __proto__, constructor, ../../x or file:///… are not found where there are none",
    needs: [importingElsewhere],
    run: async (stage) => {
      const executor = await stage.executor();
      for (const name of oddNames) {
        const url = code("export const nothing = 0;");
        const forged = defineTasks("ghosts", url, { [name]: () => 1 });
        await refusal(executor.run(forged[name]!), "TASK_NOT_FOUND");
      }
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
];
