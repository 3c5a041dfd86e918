import { inline } from "@quintet/core";
import { encodeThrown } from "@quintet/core/kit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { echo, type FakePool, fakePool, rejection, turn } from "../../test/fake-transport.ts";
import { Order, Report, type UpkeepReport } from "../codec/protocol.ts";

const setup = inline((input: unknown) => ({ input }));
const teardown = inline(() => {});

const setUp: UpkeepReport = [Report.setUp, undefined];
const failed = (message: string): UpkeepReport => [
  Report.setUp,
  encodeThrown(new RangeError(message), () => true),
];
const tornDown = (message?: string): UpkeepReport => [
  Report.tornDown,
  message === undefined ? undefined : encodeThrown(new RangeError(message), () => true),
];

const upkeepPool = (max = 1): FakePool =>
  fakePool({
    workers: { min: 0, max, idle: 5_000 },
    upkeep: { setup, setupInput: { a: 1 }, teardown },
  });

/** A pool one worker of which is up, and asked to leave. */
async function leaving(): Promise<FakePool & { readonly closed: Promise<void> }> {
  const fake = upkeepPool();
  void fake.pool.ready();
  const worker = fake.transport.worker(1);
  worker.up();
  worker.report(setUp);
  worker.stubborn = true;
  const closed = fake.pool.close();
  closed.catch(() => {});
  await turn();
  expect(worker.dismissed).toBe(true);
  return { ...fake, closed };
}

afterEach(() => void vi.restoreAllMocks());

describe("set-up", () => {
  it("is told once to each worker, with its input, and tasks follow when it is done", async () => {
    const { pool, transport } = upkeepPool(2);
    const results = Promise.all([1, 2].map((n) => pool.run(echo, n)));
    for (const worker of transport.links) {
      worker.up();
      expect(worker.orders(Order.setUp)).toEqual([
        [
          Order.setUp,
          "fake",
          [setup.id, setup.origin],
          { a: 1 },
          [teardown.id, teardown.origin],
          Infinity,
        ],
      ]);
      await turn();
      expect(worker.start()).toBeUndefined();
      worker.report(setUp);
    }
    await turn();
    for (const worker of transport.links) worker.runAll();
    expect(await results).toEqual([1, 2]);
    expect(transport.links.map((worker) => worker.orders(Order.setUp).length)).toEqual([1, 1]);
  });

  it("is not told where there is none", async () => {
    const { pool, transport } = fakePool();
    const ready = pool.ready();
    transport.worker(1).up();
    await ready;
    expect(transport.worker(1).messages).toEqual([]);
  });

  it("that fails is a failed start, and the tasks hear why after three of them", async () => {
    const { pool, transport } = upkeepPool();
    const error = rejection(pool.run(echo, 1));
    for (let n = 1; n <= 3; n++) {
      const worker = transport.worker(n);
      worker.up();
      worker.report(failed("no such table"));
      worker.exit({ exitCode: 0 });
    }
    expect(await error).toMatchObject({
      code: "WORKER_START_FAILED",
      message: "Workers ended 3 times in a row before they were up (no such table).",
      cause: { name: "RangeError", message: "no such table" },
    });
  });

  it("that is not done within the start timeout is one too", async () => {
    const { pool, transport, clock } = upkeepPool();
    const error = rejection(pool.ready());
    for (let n = 1; n <= 3; n++) {
      transport.worker(n).up();
      await clock.advance(30_000);
      expect(transport.worker(n).killed).toBe(true);
    }
    expect(await error).toMatchObject({
      code: "WORKER_START_FAILED",
      cause: { code: "TIMEOUT", message: "It was not up after 30000 ms." },
    });
  });

  it("is not waited for by a close", async () => {
    const { pool, transport } = upkeepPool();
    pool.ready().catch(() => {});
    transport.worker(1).up();
    await pool.close();
    expect(transport.worker(1).killed).toBe(true);
  });
});

describe("tear-down", () => {
  it("is waited for by a close", async () => {
    const { transport, closed, clock } = await leaving();
    await clock.advance(999);
    transport.worker(1).report(tornDown());
    transport.worker(1).exit({ exitCode: 0 });
    await expect(closed).resolves.toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it("that fails rejects the close, with its error", async () => {
    const { pool, transport, closed } = await leaving();
    transport.worker(1).report(tornDown("disk full"));
    transport.worker(1).exit({ exitCode: 0 });
    expect(await rejection(closed)).toMatchObject({ name: "RangeError", message: "disk full" });
    expect(await rejection(pool.close())).toMatchObject({ message: "disk full" });
  });

  it("that fails in several workers rejects the close with all their errors", async () => {
    const { pool, transport } = upkeepPool(2);
    const results = Promise.all([1, 2].map((n) => pool.run(echo, n)));
    for (const worker of transport.links) {
      worker.up();
      worker.report(setUp);
      worker.stubborn = true;
    }
    await turn();
    for (const worker of transport.links) worker.runAll();
    await results;
    const closed = rejection(pool.close());
    await turn();
    for (const worker of transport.links) {
      worker.report(tornDown(worker.label));
      worker.exit({ exitCode: 0 });
    }
    expect(await closed).toMatchObject({ errors: [{ message: "fake 1" }, { message: "fake 2" }] });
  });

  it("that takes longer than the grace period is stopped, and the close says so", async () => {
    const { transport, closed, clock } = await leaving();
    transport.worker(1).stubborn = false;
    await clock.advance(1_000);
    expect(transport.worker(1).killed).toBe(true);
    expect(await rejection(closed)).toMatchObject({ code: "TIMEOUT" });
  });

  it("that the worker does not survive rejects the close", async () => {
    const { transport, closed } = await leaving();
    transport.worker(1).exit({ exitCode: 3, error: new Error("boom") });
    expect(await rejection(closed)).toMatchObject({
      message: "fake 1 ended before its tear-down was done (exit code 3).",
      cause: { message: "boom" },
    });
  });

  it("is given up without a word when the deadline of a close passes", async () => {
    const { pool, transport, closed, clock } = await leaving();
    transport.worker(1).stubborn = false;
    const bounded = pool.close({ deadline: 100 });
    await clock.advance(100);
    await expect(Promise.all([closed, bounded])).resolves.toBeDefined();
    expect(transport.worker(1).killed).toBe(true);
  });

  it("that fails in a worker that was idle is a warning, and the pool goes on", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const { pool, transport, clock } = upkeepPool();
    const ready = pool.ready();
    const worker = transport.worker(1);
    worker.up();
    worker.report(setUp);
    await ready;
    worker.stubborn = true;
    await clock.advance(5_000);
    expect(worker.dismissed).toBe(true);
    worker.report(tornDown("disk full"));
    worker.exit({ exitCode: 0 });
    expect(warn.mock.calls).toEqual([
      [
        "The tear-down of fake 1 of fake failed.",
        { type: "TeardownWarning", detail: expect.stringContaining("disk full") as string },
      ],
    ]);
    await expect(pool.close()).resolves.toBeUndefined();
  });
});
