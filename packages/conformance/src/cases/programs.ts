import type { ChildProcess } from "node:child_process";
import { isQuintetError, moduleTasks } from "@quintet/core";
import { alike, ok, refusal, same, shown } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { importingElsewhere, inProcesses } from "../needs.ts";
import { nodeModule } from "../node-modules.ts";
import type { Stage } from "../stage.ts";
import { tasks } from "../tasks.ts";

const fileUrl = (path: string): string => nodeModule("node:url").pathToFileURL(path).href;

const { origin } = tasks.echo;
const taskModule = origin.kind === "defined" ? origin.module : "";

/** A program that uses the executor, and what became of it. */
class Program {
  output = "";
  exit: { code: number | null; signal: string | null } | undefined;
  readonly child: ChildProcess;
  readonly #stage: Stage;

  /** `body` is what it does with `executor`, `tasks` and `input`. */
  constructor(stage: Stage, body: string, input: object = {}) {
    this.#stage = stage;
    const create = fileUrl(stage.write("create.mjs", stage.harness.program ?? ""));
    const main = stage.write(
      "main.mjs",
      `import { create } from ${JSON.stringify(create)};
       import { tasks } from ${JSON.stringify(taskModule)};
       const input = ${JSON.stringify(input)};
       const executor = await create({ concurrency: 1 });
       ${body}`,
    );
    const { execPath, execArgv } = globalThis.process;
    this.child = nodeModule("node:child_process").spawn(execPath, [...execArgv, main]);
    const take = (data: unknown): unknown => (this.output += String(data));
    this.child.stdout?.on("data", take);
    this.child.stderr?.on("data", take);
    this.child.on("close", (code, signal) => (this.exit = { code, signal }));
  }

  async ended(): Promise<void> {
    const what = (): string => `the end of a program that has said: ${this.output}`;
    await this.#stage
      .until(() => this.exit !== undefined, what)
      .finally(() => this.child.kill("SIGKILL"));
  }

  /** It ended by itself, and said this. */
  async says(text: string): Promise<void> {
    await this.ended();
    alike({ ...this.exit, output: this.output.trim() }, { code: 0, signal: null, output: text });
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return globalThis.process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** What holds for whole processes. */
export const programCases: readonly ConformanceCase[] = [
  {
    id: "program.unused",
    title: "A program that never uses its executor ends",
    run: (stage) => new Program(stage, `console.log("made");`).says("made"),
  },
  {
    id: "program.idle",
    title: "An idle executor that nobody closes lets its program end",
    run: (stage) =>
      new Program(
        stage,
        `await executor.ready();
         console.log(await executor.run(tasks.echo, "done"));`,
      ).says("done"),
  },
  {
    id: "program.pending",
    title: "A task that runs or waits keeps its program alive until it has settled",
    run: async (stage) => {
      const [gate, log] = [stage.gate(), stage.log()];
      const body = `
        executor.run(tasks.hold, input).then(console.log);
        executor.run(tasks.echo, "waited").then(console.log);`;
      const program = new Program(stage, body, { log: log.path, until: gate.path });
      await log.has("hold started");
      await stage.moment();
      same(program.exit, undefined, "How it has ended before");
      gate.open();
      await program.says("hold\nwaited");
    },
  },
  {
    id: "program.closed",
    title: "After close() the program ends, whatever was cancelled or stopped",
    run: async (stage) => {
      const body = `
        const controller = new AbortController();
        const run = executor.run(tasks.reason, input, { signal: controller.signal });
        executor.run(tasks.echo, 1).catch(() => {});
        controller.abort("enough");
        await run.catch(console.log);
        await executor.close({ cancel: true });
        console.log("closed", executor.stats().workers);`;
      await new Program(stage, body, { log: stage.log().path }).says("enough\nclosed 0");
    },
  },
  {
    id: "program.rejected",
    title: "A rejected run that nobody handles ends its program like any other rejection",
    run: async (stage) => {
      const body = `executor.run(tasks.fail, "TypeError");`;
      const program = new Program(stage, body);
      await program.ended();
      same(program.exit?.code, 1, "The exit code");
      ok(program.output.includes("a TypeError"), `It has said: ${program.output}`);
    },
  },
  {
    id: "program.nested",
    title:
      "A module that starts work while a worker loads it fails to load, instead of starting workers for ever",
    needs: [importingElsewhere],
    run: async (stage) => {
      const create = stage.write("create.mjs", stage.harness.program ?? "");
      const module = stage.write(
        "nested.mjs",
        `import { create } from ${JSON.stringify(fileUrl(create))};
         import { tasks } from ${JSON.stringify(taskModule)};
         export const anything = () => 1;
         const executor = await create({ concurrency: 1 });
         await executor.run(tasks.echo, 1);`,
      );
      const { anything } = moduleTasks<{ anything(): number }>("nested", fileUrl(module));
      const executor = await stage.executor();
      const error = await refusal(executor.run(anything), "TASK_LOAD_FAILED");
      ok(isQuintetError(error.cause, "NESTED_EXECUTOR"), `The cause is ${shown(error.cause)}.`);
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "program.killed",
    title: "Workers die with their program, even when it is killed and they are busy",
    needs: [inProcesses],
    run: async (stage) => {
      const [gate, log] = [stage.gate(), stage.log()];
      const body = `
        const { writeFileSync } = await import("node:fs");
        const { process: pid } = await executor.run(tasks.place);
        writeFileSync(input.pid, String(pid));
        await executor.run(tasks.spin, input);`;
      const pid = stage.log();
      const input = { log: log.path, until: gate.path, pid: pid.path };
      const program = new Program(stage, body, input);
      await log.has("spin started");
      program.child.kill("SIGKILL");
      const worker = Number(nodeModule("node:fs").readFileSync(pid.path, "utf8"));
      await stage.until(() => !isAlive(worker), "the end of the worker");
    },
  },
];
