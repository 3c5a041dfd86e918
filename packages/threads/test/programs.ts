/** Small programs for the tests of how a process ends: `node programs.ts NAME`. */
import { enableCompileCache, getCompileCacheDir } from "node:module";
import { inline } from "@quintet/core";
import { threads } from "@quintet/threads";
import { work } from "./task-files/work.tasks.ts";

const print = (value: unknown): void => void process.stdout.write(`${String(value)}\n`);

const programs: Record<string, () => Promise<void>> = {
  async idle() {
    const pool = threads({ size: 2 });
    print(await pool.run(work.echo, 1));
  },
  async ready() {
    await threads({ size: 1 }).ready();
    print("ready");
  },
  async pending() {
    void threads({ size: 1 }).run(work.echo, "late").then(print);
    print("early");
    return Promise.resolve();
  },
  async closed() {
    const pool = threads({ size: 1, grace: 10 });
    pool.run(work.spin).catch((error: { code: string }) => print(error.code));
    await pool.ready();
    await pool.close({ cancel: true });
    print(`closed ${pool.stats().workers}`);
  },
  async exit() {
    const pool = threads({ size: 1 });
    void pool.run(work.spin);
    await pool.ready();
    process.exit(5);
  },
  async compileCache() {
    enableCompileCache(process.argv[3]);
    const pool = threads({ size: 1 });
    const folder = inline(() => process.getBuiltinModule("node:module").getCompileCacheDir());
    const threadsOwn = await pool.run(folder);
    await pool.close();
    print(threadsOwn !== undefined && threadsOwn === getCompileCacheDir());
  },
  async noCompileCache() {
    const pool = threads({ size: 1 });
    const folder = inline(() => process.getBuiltinModule("node:module").getCompileCacheDir());
    print(await pool.run(folder));
    await pool.close();
  },
  async unhandled() {
    void threads({ size: 1 }).run(work.exit, 4);
    return Promise.resolve();
  },
};

const [name = "", way = "", end = "", parking = ""] = process.argv.slice(2);

/** Has lines printed, and ends with the result: `way` of printing, `end`, and `parking`. */
async function printing(): Promise<void> {
  const pool = threads({ size: 1, grace: 0, parking: parking === "parking" });
  const printed = pool.run(work.print, { lines: 500, way });
  if (end === "blocked") pool.run(work.spin).catch(() => {});
  await printed;
  if (end === "close") await pool.close();
  else if (end === "exit") process.exit(0);
  else if (end === "blocked") await pool.close({ cancel: true });
}

/** A task that prints and never ends. */
async function stuck(): Promise<void> {
  const pool = threads({ size: 1, grace: 0 });
  await pool.run(work.printAndSpin, undefined, { timeout: 200 }).catch(() => print("timed out"));
  await pool.close();
}

Object.assign(programs, { printing, stuck });
await programs[name]?.();
