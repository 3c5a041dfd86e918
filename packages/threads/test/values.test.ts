import { threads } from "@quintet/threads";
import { MessageChannel } from "node:worker_threads";
import { afterAll, expect, it } from "vitest";
import { work } from "./task-files/work.tasks.ts";

const pool = threads({ size: 2 });
afterAll(() => pool.close());

it("moves a buffer, which is empty here afterwards", async () => {
  const buffer = new ArrayBuffer(16);
  expect(await pool.run(work.bytes, buffer, { transfer: [buffer] })).toBe(16);
  expect(buffer.byteLength).toBe(0);
});

it("copies a buffer that is not to be moved", async () => {
  const buffer = new ArrayBuffer(16);
  expect(await pool.run(work.bytes, buffer)).toBe(16);
  expect(buffer.byteLength).toBe(16);
});

it("refuses to move a buffer twice, and only the second task pays", async () => {
  const buffer = new ArrayBuffer(16);
  const results = await Promise.allSettled([
    pool.run(work.bytes, buffer, { transfer: [buffer] }),
    pool.run(work.bytes, buffer, { transfer: [buffer] }),
    pool.run(work.echo, "fine"),
  ]);
  expect(results).toMatchObject([
    { value: 16 },
    { reason: { code: "NOT_CLONEABLE", path: "input" } },
    { value: "fine" },
  ]);
});

it("moves a port, through which the task can speak", async () => {
  const { port1, port2 } = new MessageChannel();
  const heard = new Promise((resolve) => port1.once("message", resolve));
  await pool.run(work.say, port2, { transfer: [port2] });
  expect(await heard).toBe("hello from a task");
  port1.close();
});

it("shares shared memory", async () => {
  const buffer = new SharedArrayBuffer(4);
  await pool.run(work.write, buffer);
  expect(new Int32Array(buffer)[0]).toBe(42);
});

it("carries 64 MB there and back", async () => {
  const size = 64 * 1024 * 1024;
  const big = new Uint8Array(size);
  expect(await pool.run(work.bytes, big, { transfer: [big.buffer] })).toBe(size);
  const filled = (await pool.run(work.fill, size)) as Uint8Array;
  expect([filled.byteLength, filled[0], filled.at(-1)]).toEqual([size, 7, 7]);
});
