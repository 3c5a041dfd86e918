import { createRequire } from "node:module";
import { moduleTasks } from "@quintet/core";
import { threads } from "@quintet/threads";
import { afterAll, describe, expect, it } from "vitest";
import { work } from "./task-files/work.tasks.ts";

const pool = threads({ size: 1 });
afterAll(() => pool.close());

const at = (file: string): URL => new URL(`./task-files/${file}`, import.meta.url);
/** What is in a file that TypeScript does not look into. */
type Numbers = Record<"double" | "triple" | "missing", (n: number) => number>;
const numbers = (file: string) => moduleTasks<Numbers>("numbers", at(file));

describe("tasks are found", () => {
  it("in a TypeScript module", async () => {
    expect(await pool.run(work.echo, "hi")).toBe("hi");
  });

  it("in an ES module", async () => {
    expect(await pool.run(numbers("plain.mjs").double, 4)).toBe(8);
  });

  it("in a CommonJS module", async () => {
    expect(await pool.run(numbers("legacy.cjs").triple, 4)).toBe(12);
  });

  it("in a CommonJS module that defines them", async () => {
    type Defined = { legacy: { square: typeof work.bytes } };
    const { legacy } = createRequire(import.meta.url)("./task-files/defined.cjs") as Defined;
    expect(await pool.run(legacy.square, 5 as never)).toBe(25);
  });

  it("in a module that waits for something while it loads", async () => {
    const tasks = moduleTasks<{ ready: () => string }>("awaits", at("awaits.mjs"));
    expect(await pool.run(tasks.ready)).toBe("loaded");
  });
});

describe("the others go on when a module", () => {
  const expectOthersGoOn = async (): Promise<void> => {
    expect(await pool.run(work.echo, "still here")).toBe("still here");
  };

  it("is not there", async () => {
    const missing = pool.run(numbers("nowhere.mjs").double, 1);
    await expect(missing).rejects.toMatchObject({ code: "TASK_LOAD_FAILED" });
    await expectOthersGoOn();
  });

  it("lacks the function", async () => {
    const missing = pool.run(numbers("plain.mjs").missing, 1);
    await expect(missing).rejects.toMatchObject({ code: "TASK_NOT_FOUND" });
    await expectOthersGoOn();
  });

  it("throws while it loads, each time", async () => {
    for (let n = 0; n < 2; n++) {
      await expect(pool.run(numbers("throws.mjs").double, 1)).rejects.toMatchObject({
        code: "TASK_LOAD_FAILED",
        cause: { name: "TypeError", message: "this module does not load" },
      });
    }
    await expectOthersGoOn();
  });

  it("ends its thread while it loads", async () => {
    const [lost, other] = await Promise.allSettled([
      pool.run(numbers("exits.mjs").double, 1),
      pool.run(work.echo, 2),
    ]);
    expect(lost).toMatchObject({ reason: { code: "WORKER_LOST", exitCode: 9 } });
    expect(other).toMatchObject({ value: 2 });
  });

  it("starts work of its own while it loads, which is refused before it starts threads", async () => {
    const tasks = moduleTasks<{ one: () => number }>("nested", at("nested.tasks.ts"));
    await expect(pool.run(tasks.one)).rejects.toMatchObject({
      code: "TASK_LOAD_FAILED",
      cause: { code: "NESTED_EXECUTOR" },
    });
    expect(pool.stats().workers).toBe(1);
    await expectOthersGoOn();
  });
});
