import { threads } from "@quintet/threads";
import { afterAll, expect, it, vi } from "vitest";
import { work } from "./task-files/work.tasks.ts";

const pool = threads({ size: 3, grace: 50 });
afterAll(() => pool.close());

it("runs a task once on every thread", async () => {
  await pool.ready();
  const counter = new Int32Array(new SharedArrayBuffer(4));
  // Each waits until all have come, so that none can run two of them.
  const ids = await pool.broadcast(work.meet, { counter, until: 3 });
  expect(new Set(ids).size).toBe(3);
  expect(Atomics.load(counter, 0)).toBe(3);
  const places = await pool.broadcast(work.thread);
  expect(places.map(({ threadId }) => threadId)).toEqual(ids);
});

it("gives each a copy of the input", async () => {
  const input = { list: [1, 2, 3] };
  expect(await pool.broadcast(work.echo, input)).toEqual([input, input, input]);
  const [first, second] = await pool.broadcast(work.echo, input);
  expect(first).not.toBe(second);
});

it("waits for the first thread of a pool that has none", async () => {
  await using fresh = threads({ workers: { max: 2 } });
  expect(await fresh.broadcast(work.echo, "hello")).toEqual(["hello"]);
});

it("is ended on every thread by its time", async () => {
  await pool.ready();
  await expect(pool.broadcast(work.spin, undefined, { timeout: 30 })).rejects.toMatchObject({
    code: "TIMEOUT",
  });
});

it("is ended on every thread by an abort", async () => {
  await using fresh = threads({ size: 2 });
  await fresh.ready();
  const reason = new Error("enough");
  const controller = new AbortController();
  const result = fresh.broadcast(work.wait, undefined, { signal: controller.signal });
  result.catch(() => {}); // it is looked at below
  await vi.waitFor(() => expect(fresh.stats().running).toBe(2));
  controller.abort(reason);
  await expect(result).rejects.toBe(reason);
  await vi.waitFor(() => expect(fresh.stats().running).toBe(0));
});

it("tells that a thread died of it", async () => {
  await using fresh = threads({ size: 2 });
  await fresh.ready();
  await expect(fresh.broadcast(work.exit, 3)).rejects.toMatchObject({
    code: "WORKER_LOST",
    exitCode: 3,
  });
  expect(await fresh.run(work.echo, 1)).toBe(1);
});

it("keeps the tasks of a key on one thread", async () => {
  const places = await Promise.all(
    Array.from({ length: 30 }, (_, n) => pool.run(work.thread, undefined, { key: n % 3 })),
  );
  for (const key of [0, 1, 2]) {
    const ids = places.filter((_, n) => n % 3 === key).map(({ threadId }) => threadId);
    expect(new Set(ids).size).toBe(1);
  }
  expect(new Set(places.map(({ threadId }) => threadId)).size).toBe(3);
});
