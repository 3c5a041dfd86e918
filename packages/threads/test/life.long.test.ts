import { setImmediate as turn } from "node:timers/promises";
import { virtualClock } from "@quintet/core/kit";
import { threads } from "@quintet/threads";
import { describe, expect, it } from "vitest";
import { work } from "./task-files/work.tasks.ts";

const counter = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));

/** Looks again until something is so; vitest ends the test when it never is. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

describe("a thread that is lost", () => {
  it("tells its exit code and last words to the task that ran", async () => {
    await using pool = threads({ size: 1 });
    await expect(pool.run(work.lastWords, "out of coffee")).rejects.toMatchObject({
      code: "WORKER_LOST",
      exitCode: 3,
      task: "work.lastWords",
      worker: expect.stringMatching(/^thread \d+$/) as string,
      stderr: expect.stringContaining("out of coffee") as string,
    });
    await expect(pool.run(work.exit, 0)).rejects.toMatchObject({ exitCode: 0 });
    expect(await pool.run(work.echo, 1)).toBe(1);
    expect(pool.stats()).toMatchObject({ failed: 2, completed: 1, restarts: 2, workers: 1 });
  });

  it("while it is idle harms nobody", async () => {
    await using pool = threads({ size: 1 });
    await pool.run(work.crashLater);
    await until(() => pool.stats().workers === 0);
    expect(await pool.run(work.echo, 1)).toBe(1);
    expect(pool.stats()).toMatchObject({ restarts: 0, failed: 0 });
  });

  it("for lack of memory leaves this process and the pool alive", async () => {
    await using pool = threads({ size: 1, resourceLimits: { maxOldGenerationSizeMb: 24 } });
    const lost = await pool.run(work.memory).catch((error: unknown) => error);
    expect(lost).toMatchObject({
      code: "WORKER_LOST",
      cause: { code: "ERR_WORKER_OUT_OF_MEMORY" },
    });
    expect(await pool.run(work.echo, 1)).toBe(1);
  });
});

describe("the number of threads", () => {
  it("is at once the most there may be when a burst comes, and never more", async () => {
    await using pool = threads({ workers: { max: 3 } });
    const input = { counter: counter(), until: 3 };
    const burst = Array.from({ length: 12 }, () => pool.run(work.meet, input));
    expect(pool.stats().workers).toBe(3);
    expect(new Set(await Promise.all(burst)).size).toBeLessThanOrEqual(3);
    expect(pool.stats().workers).toBe(3);
  });

  it("shrinks to the fewest when they have been idle for long", async () => {
    const clock = virtualClock();
    await using pool = threads({ workers: { min: 1, max: 3, idle: 500 }, clock });
    const input = { counter: counter(), until: 3 };
    await Promise.all([1, 2, 3].map(() => pool.run(work.meet, input)));
    await clock.advance(499);
    expect(pool.stats().workers).toBe(3);
    await clock.advance(1);
    await until(() => pool.stats().workers === 1);
    await clock.advance(10_000);
    expect(pool.stats().workers).toBe(1);
    expect(await pool.run(work.echo, 1)).toBe(1);
  });

  it("is one for tasks that come one after the other", async () => {
    await using pool = threads({ workers: { max: 3 } });
    const ids = new Set<number>();
    for (let n = 0; n < 3; n++) ids.add((await pool.run(work.thread)).threadId);
    expect(ids.size).toBe(1);
    expect(pool.stats().workers).toBe(1);
  });

  it("is that of the size once it is ready", async () => {
    await using pool = threads({ size: 2 });
    expect(pool.stats().workers).toBe(0);
    await pool.ready();
    expect(pool.stats().workers).toBe(2);
  });
});

it("replaces a thread after so many tasks, with a backlog, and loses nobody", async () => {
  await using pool = threads({ size: 2, tasksPerWorker: 3 });
  const ran = await Promise.all(Array.from({ length: 10 }, () => pool.run(work.thread)));
  const tasks = new Map<number, number>();
  for (const { threadId } of ran) tasks.set(threadId, (tasks.get(threadId) ?? 0) + 1);
  expect(Math.max(...tasks.values())).toBeLessThanOrEqual(3);
  expect(tasks.size).toBeGreaterThanOrEqual(4);
  expect(pool.stats()).toMatchObject({ completed: 10, restarts: 0 });
});

describe("a thread", () => {
  it("gets the environment, the arguments and the options it is given", async () => {
    await using pool = threads({
      size: 1,
      env: { QUINTET_TEST_GREETING: "hi" },
      argv: ["--flag", "value"],
      execArgv: ["--conditions=@quintet/source", "--no-warnings"],
    });
    expect(await pool.run(work.environment)).toEqual({
      greeting: "hi",
      home: false,
      argv: ["--flag", "value"],
      execArgv: ["--conditions=@quintet/source", "--no-warnings"],
    });
  });

  it("has a copy of the caller's environment, and Node's options of the caller, when it is given none", async () => {
    process.env["QUINTET_TEST_GREETING"] = "hello";
    try {
      await using pool = threads({ size: 1 });
      expect(await pool.run(work.environment)).toEqual({
        greeting: "hello",
        home: true,
        argv: [],
        execArgv: process.execArgv,
      });
    } finally {
      delete process.env["QUINTET_TEST_GREETING"];
    }
  });

  it("works with an environment of its own that says nothing of Node", async () => {
    await using pool = threads({ size: 1, env: { QUINTET_TEST_GREETING: "" } });
    expect(await pool.run(work.environment)).toMatchObject({ greeting: "", home: false });
  });

  it("with an option that Node refuses rejects the task, and does not throw at the caller", async () => {
    await using pool = threads({ size: 1, execArgv: ["--title=no"] });
    await expect(pool.run(work.echo, 1)).rejects.toMatchObject({
      code: "WORKER_START_FAILED",
      cause: { code: "ERR_WORKER_INVALID_EXEC_ARGV" },
    });
  });

  it("is not confused by what a task sends on its own", async () => {
    await using pool = threads({ size: 1 });
    expect(await pool.run(work.garbage)).toEqual([]);
    expect(await pool.run(work.echo, "fine")).toBe("fine");
    expect(pool.stats().restarts).toBe(0);
  });

  it("works on when a task overwrites globals", async () => {
    await using pool = threads({ size: 1 });
    await pool.run(work.overwrite);
    expect(await pool.run(work.echo, "fine")).toBe("fine");
    await pool.close();
    expect(pool.stats()).toMatchObject({ restarts: 0, workers: 0 });
  });
});
