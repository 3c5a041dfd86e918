import { inline } from "@quintet/core";
import { threads, type ThreadPool } from "@quintet/threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { work } from "./task-files/work.tasks.ts";

const pools: ThreadPool[] = [];
const make = (...args: Parameters<typeof threads>): ThreadPool => {
  const pool = threads(...args);
  pools.push(pool);
  return pool;
};
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close({ cancel: true });
});

const thrown = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("It did not throw.");
};

describe("runSync", () => {
  it("starts a thread and gives the value, small or large", () => {
    const pool = make({ size: 1 });
    expect(pool.runSync(work.echo, 7)).toBe(7);
    const large = { text: "x".repeat(10_000), list: [1n, new Date(0)] };
    expect(pool.runSync(work.echo, large)).toEqual(large);
  });

  it("waits for a task that waits, and gives a generator's return value", () => {
    const pool = make({ size: 1 });
    const later = inline((n: number) => new Promise((resolve) => setTimeout(resolve, 20, n)));
    expect(pool.runSync(later, 5)).toBe(5);
    const counted = inline(function* (n: number) {
      yield n;
      return n + 1;
    });
    expect(pool.runSync(counted, 1)).toBe(2);
  });

  it("throws what the task throws, with the caller's stack", () => {
    const pool = make({ size: 1 });
    const fail = inline(() => {
      throw new RangeError("inside");
    });
    const error = thrown(() => pool.runSync(fail)) as Error;
    expect(error).toBeInstanceOf(RangeError);
    expect(error.stack).toContain("run-sync.test.ts");
  });

  it("goes before what waits, whose results come as usual", async () => {
    const pool = make({ size: 1 });
    await pool.ready();
    const order: string[] = [];
    const others = [1, 2, 3].map((n) =>
      pool.run(work.echo, { n }).then(() => order.push(`run ${n}`)),
    );
    expect(pool.runSync(work.echo, "now")).toBe("now");
    order.push("runSync");
    await Promise.all(others);
    expect(order).toEqual(["runSync", "run 1", "run 2", "run 3"]);
  });

  it("takes a thread that others are done with, also one that has parked", async () => {
    const pool = make({ size: 2, parking: true });
    await pool.ready();
    for (let n = 0; n < 200; n++) expect(pool.runSync(work.echo, n)).toBe(n);
    expect(await pool.run(work.echo, "still here")).toBe("still here");
    expect(pool.stats()).toMatchObject({ completed: 201, running: 0 });
  });

  it("waits for its turn behind a task that cannot be passed", async () => {
    const pool = make({ size: 1 });
    await pool.ready();
    const busy = pool.run(
      inline(() => new Promise((resolve) => setTimeout(resolve, 100, "first"))),
    );
    await vi.waitFor(() => expect(pool.stats().running).toBe(1));
    expect(pool.runSync(work.echo, "second")).toBe("second");
    expect(await busy).toBe("first");
  });

  it.each([false, true])("notices that its thread ends, parking: %s", (parking) => {
    const pool = make({ size: 1, parking });
    expect(thrown(() => pool.runSync(work.exit, 3))).toMatchObject({ code: "WORKER_LOST" });
    expect(pool.runSync(work.echo, "another thread")).toBe("another thread");
  });

  it("notices a thread without memory", () => {
    const pool = make({ size: 1, resourceLimits: { maxOldGenerationSizeMb: 20 } });
    expect(thrown(() => pool.runSync(work.memory))).toMatchObject({ code: "WORKER_LOST" });
  });

  it("gives up after its timeout, and the thread is stopped later", async () => {
    const pool = make({ size: 1, grace: 10 });
    await pool.ready();
    const begin = performance.now();
    const error = thrown(() => pool.runSync(work.spin, undefined, { timeout: 50 }));
    expect(performance.now() - begin).toBeLessThan(5_000);
    expect(error).toMatchObject({ code: "TIMEOUT" });
    expect(await pool.run(work.echo, 1)).toBe(1);
    expect(pool.stats().restarts).toBe(1);
  });

  it("says that no thread came up", () => {
    const pool = make({ size: 1 });
    expect(thrown(() => pool.runSync(work.echo, 1, { timeout: 0 }))).toMatchObject({
      code: "WORKER_START_FAILED",
    });
    const never = make({ size: 1, execArgv: ["--no-such-option"] });
    expect(thrown(() => never.runSync(work.echo, 1))).toMatchObject({
      code: "WORKER_START_FAILED",
    });
  });

  it("refuses what run refuses", async () => {
    const pool = make({ size: 1 });
    expect(thrown(() => pool.runSync(((n: number) => n) as never, 1))).toMatchObject({
      code: "NOT_SUPPORTED",
    });
    expect(thrown(() => pool.runSync(work.echo, () => {}))).toMatchObject({
      code: "NOT_CLONEABLE",
    });
    expect(thrown(() => pool.runSync(work.echo, 1, { timeout: -1 }))).toMatchObject({
      code: "INVALID_OPTION",
    });
    await pool.close();
    expect(thrown(() => pool.runSync(work.echo, 1))).toMatchObject({ code: "CLOSED" });
  });

  it("leaves no task behind that keeps the pool from closing", async () => {
    const pool = make({ size: 2 });
    thrown(() => pool.runSync(work.exit, 1));
    pool.runSync(work.echo, 1);
    await pool.close();
    expect(pool.stats()).toMatchObject({ workers: 0, running: 0, queued: 0 });
  });
});
