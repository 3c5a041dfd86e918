import { inline } from "@quintet/core";
import { threads } from "@quintet/threads";
import { describe, expect, it } from "vitest";
import { upkeep } from "./task-files/upkeep.tasks.ts";

const { open, close, count } = upkeep;
const log = (): Int32Array => new Int32Array(new SharedArrayBuffer(8));

describe("threads with a set-up", () => {
  it("run it once each before their first task, and keep what it returns", async () => {
    const setupInput = log();
    const pool = threads({ size: 1, setup: open, setupInput, teardown: close });
    expect(await Promise.all([1, 2, 3].map(() => pool.run(count)))).toEqual([1, 2, 3]);
    expect([...setupInput]).toEqual([1, 0]);
    await pool.close();
    expect([...setupInput]).toEqual([1, 1]);
  });

  it("are set up anew when they are replaced, after a tear-down", async () => {
    const setupInput = log();
    const pool = threads({ size: 1, tasksPerWorker: 2, setup: open, setupInput, teardown: close });
    const counts = await pool.map(count, Array.from<void>({ length: 5 })).toArray();
    expect(counts).toEqual([1, 2, 1, 2, 1]);
    await pool.close();
    expect([...setupInput]).toEqual([3, 3]);
  });

  it("are torn down after a nap too, without delay", async () => {
    const setupInput = log();
    const pool = threads({
      size: 1,
      parking: true,
      setup: open,
      setupInput,
      teardown: close,
      grace: 900,
    });
    await pool.run(count);
    await pool.close();
    expect([...setupInput]).toEqual([1, 1]);
  });

  it("do not come up when it throws", async () => {
    await using pool = threads({ size: 2, setup: upkeep.fail });
    await expect(pool.run(count)).rejects.toMatchObject({
      code: "WORKER_START_FAILED",
      cause: { name: "RangeError", message: "no such table" },
    });
    await expect(pool.ready()).rejects.toMatchObject({ code: "WORKER_START_FAILED" });
  });

  it("do not come up when it does not end", async () => {
    await using pool = threads({ size: 1, setup: upkeep.never, startTimeout: 150 });
    await expect(pool.ready()).rejects.toMatchObject({ cause: { code: "TIMEOUT" } });
  });

  it("have no state without one", async () => {
    await using pool = threads({ size: 1 });
    expect(await pool.run(upkeep.state)).toBe("undefined");
  });
});

describe("threads with a tear-down", () => {
  it("reject the close with what it throws", async () => {
    const pool = threads({ size: 1, teardown: upkeep.crash });
    await pool.ready();
    await expect(pool.close()).rejects.toMatchObject({ name: "TypeError", message: "disk full" });
    expect(pool.stats().workers).toBe(0);
  });

  it("reject the close when it does not end within the grace period", async () => {
    const pool = threads({ size: 1, teardown: upkeep.never, grace: 100 });
    await pool.ready();
    await expect(pool.close()).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(pool.stats().workers).toBe(0);
  });

  it("do without it when they are stopped", async () => {
    const setupInput = log();
    const pool = threads({ size: 1, setup: open, setupInput, teardown: close, grace: 0 });
    const stopped = pool.run(upkeep.never, undefined, { timeout: 20 });
    await expect(stopped).rejects.toMatchObject({ code: "TIMEOUT" });
    await pool.close();
    expect([...setupInput]).toEqual([1, 0]);
  });
});

it("refuses an input for the set-up that cannot be copied, with its path", () => {
  const setupInput = { on: { done: () => {} } };
  expect(() => threads({ setup: inline((input: object) => input), setupInput })).toThrow(
    expect.objectContaining({ code: "NOT_CLONEABLE", path: "setupInput.on.done" }) as Error,
  );
});

it("refuses a set-up that is no task", () => {
  expect(() => threads({ setup: (() => {}) as never })).toThrow(
    expect.objectContaining({ code: "INVALID_OPTION" }) as Error,
  );
});

it("replaces a thread that keeps more memory than it may", async () => {
  await using pool = threads({ size: 1, memoryPerWorker: 64 * 2 ** 20 });
  const first = await pool.run(upkeep.keep, 2 ** 10);
  expect(await pool.run(upkeep.keep, 96 * 2 ** 20)).toBe(first);
  let now = first;
  while (now === first) now = await pool.run(upkeep.where);
  expect(pool.stats()).toMatchObject({ restarts: 0, failed: 0, workers: 1 });
});
