import { virtualClock, type VirtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { FakeTransport, rejection, turn } from "../../test/fake-transport.ts";
import type { WorkerExit } from "../transport/transport.ts";
import { WorkerHandle } from "../worker-handle/worker-handle.ts";
import { type RosterLimits, WorkerRoster } from "./worker-roster.ts";

/** A roster whose owner rests each worker that is up. */
function roster(limits: Partial<RosterLimits> = {}): {
  workers: WorkerRoster;
  transport: FakeTransport;
  clock: VirtualClock;
  errors: Error[];
  counts: { growing: number };
} {
  const clock = virtualClock();
  const transport = new FakeTransport();
  const errors: Error[] = [];
  const counts = { growing: 0 };
  const terms = { startTimeout: 30_000, grace: 1_000, quota: Infinity, due: Infinity };
  const owner = {
    clock,
    name: "roster",
    up(worker: WorkerHandle): void {
      workers.up();
      workers.rest(worker);
    },
    started() {},
    promote: () => undefined as never,
    item() {},
    output() {},
    deskFor: (): never => expect.fail("asks for names"),
    progress() {},
    ended() {},
    tearDownFailed() {},
    caughtUp() {},
    returned() {},
    dismissed() {},
    exited(worker: WorkerHandle, exit: WorkerExit, wasUp: boolean): void {
      const failure = workers.gone(worker, exit, wasUp);
      if (failure) errors.push(failure(), failure());
    },
  };
  const workers: WorkerRoster = new WorkerRoster(
    { min: 0, max: 3, idle: 1_000, ...limits },
    clock,
    () => new WorkerHandle(owner, transport, terms),
    () => counts.growing++,
  );
  return { workers, transport, clock, errors, counts };
}

it("starts as many workers as tasks wait, and never more than there may be", () => {
  const { workers, transport } = roster();
  workers.demand(1);
  expect(transport.links).toHaveLength(1);
  workers.demand(2);
  expect(transport.links).toHaveLength(2);
  workers.demand(2);
  expect(transport.links).toHaveLength(2);
  workers.demand(100);
  expect(transport.links).toHaveLength(3);
});

it("wakes the worker that rested last", () => {
  const { workers, transport } = roster();
  workers.demand(3);
  for (const link of transport.links) link.up();
  expect([workers.wake(), workers.wake(), workers.wake()].map((worker) => worker?.label)).toEqual([
    "fake 3",
    "fake 2",
    "fake 1",
  ]);
  expect(workers.wake()).toBeUndefined();
});

it("lets a resting worker not keep the process alive, and one that works keep it", () => {
  const { workers, transport } = roster();
  workers.demand(1);
  const link = transport.worker(1);
  expect(link.held).toBe(true);
  link.up();
  expect(link.held).toBe(false);
  workers.wake();
  expect(link.held).toBe(true);
});

it("lets go the workers that have rested too long, and keeps the fewest it may", async () => {
  const { workers, transport, clock } = roster({ min: 1 });
  workers.demand(3);
  for (const link of transport.links) link.up();
  await clock.advance(999);
  expect(transport.alive).toHaveLength(3);
  await clock.advance(1);
  expect(transport.alive.map(({ label }) => label)).toEqual(["fake 3"]);
  await clock.advance(100_000);
  expect(transport.alive).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

it("does not let go a worker that was woken, whenever its rest began", async () => {
  const { workers, transport, clock } = roster();
  workers.demand(1);
  transport.worker(1).up();
  await clock.advance(900);
  const worker = workers.wake() as WorkerHandle;
  await clock.advance(900);
  workers.rest(worker);
  await clock.advance(999);
  expect(transport.alive).toHaveLength(1);
  await clock.advance(1);
  expect(transport.alive).toHaveLength(0);
});

it("keeps idle workers for ever when told so", async () => {
  const { workers, transport, clock } = roster({ idle: Infinity });
  workers.demand(1);
  transport.worker(1).up();
  expect(clock.pending).toBe(0);
  await clock.advance(1e9);
  expect(transport.alive).toHaveLength(1);
});

it("tells of a failure after three failed starts in a row, each time with a new error", () => {
  const { workers, transport, errors } = roster();
  for (let n = 1; n <= 3; n++) {
    expect(errors).toEqual([]);
    workers.demand(1);
    transport.worker(n).exit({ exitCode: 1, stderr: "bad flag" });
  }
  expect(errors[0]).toMatchObject({ code: "WORKER_START_FAILED" });
  expect(errors[0]?.message).toContain("bad flag");
  expect(errors[0]).not.toBe(errors[1]);
});

it("forgets failed starts once one succeeds", () => {
  const { workers, transport, errors } = roster();
  for (let n = 1; n <= 5; n++) {
    workers.demand(1);
    if (n === 3) transport.worker(n).up();
    transport.worker(n).exit();
  }
  expect(errors).toEqual([]);
});

it("is ready when as many as are kept are up, and starts them", async () => {
  const { workers, transport } = roster({ min: 2 });
  let isReady = false;
  const ready = workers.ready().then(() => (isReady = true));
  expect(transport.links).toHaveLength(2);
  transport.worker(1).up();
  await turn();
  expect(isReady).toBe(false);
  transport.worker(2).up();
  await ready;
  await workers.ready();
  expect(transport.links).toHaveLength(2);
});

it("is ready when one is up where none has to be kept", async () => {
  const { workers, transport } = roster();
  const ready = workers.ready();
  transport.worker(1).up();
  await expect(ready).resolves.toBeUndefined();
});

it("starts others when those it waits for die meanwhile", async () => {
  const { workers, transport } = roster({ min: 2 });
  const ready = workers.ready();
  transport.worker(1).up();
  transport.worker(1).exit();
  expect(transport.links).toHaveLength(3);
  transport.worker(2).exit();
  expect(transport.links).toHaveLength(4);
  transport.worker(3).up();
  transport.worker(4).up();
  await expect(ready).resolves.toBeUndefined();
});

it("is not ready when workers do not start, and tries again when asked again", async () => {
  const { workers, transport } = roster();
  const ready = workers.ready();
  for (let n = 1; n <= 3; n++) transport.worker(n).exit();
  expect(await rejection(ready)).toMatchObject({ code: "WORKER_START_FAILED" });
  const again = workers.ready();
  transport.worker(4).up();
  await expect(again).resolves.toBeUndefined();
});

it("gives up being ready when workers end as soon as they are up", async () => {
  const { workers, transport } = roster({ min: 2 });
  const ready = workers.ready();
  for (let n = 1; n <= 3; n++) {
    transport.worker(n).up();
    transport.worker(n).exit({ exitCode: 7 });
  }
  expect(await rejection(ready)).toMatchObject({
    code: "WORKER_START_FAILED",
    message: "Workers ended 3 times in a row as soon as they were up (exit code 7).",
  });
  expect(transport.links).toHaveLength(4);
});

it("goes on with the workers it has when others do not start, and tries again after a while", async () => {
  const { workers, transport, clock, errors, counts } = roster({ idle: Infinity });
  workers.demand(1);
  transport.worker(1).up();
  for (let n = 2; n <= 4; n++) {
    expect(workers.canGrow).toBe(true);
    workers.demand(1);
    transport.worker(n).exit();
  }
  expect(errors).toEqual([]);
  expect(workers.canGrow).toBe(false);
  await clock.advance(999);
  expect([workers.canGrow, counts.growing]).toEqual([false, 0]);
  await clock.advance(1);
  expect([workers.canGrow, counts.growing]).toEqual([true, 1]);
});

it("tries again at once when the last worker it had is gone, and then tells", () => {
  const { workers, transport, errors } = roster();
  workers.demand(1);
  transport.worker(1).up();
  for (let n = 2; n <= 4; n++) {
    workers.demand(1);
    transport.worker(n).exit();
  }
  transport.worker(1).exit();
  for (let n = 5; n <= 7; n++) {
    expect(errors).toEqual([]);
    workers.demand(1);
    transport.worker(n).exit();
  }
  expect(errors[0]).toMatchObject({ code: "WORKER_START_FAILED" });
});

it("is not ready when some of those it keeps do not start, though others are up", async () => {
  const { workers, transport, errors } = roster({ min: 2 });
  const ready = workers.ready();
  transport.worker(1).up();
  for (let n = 2; n <= 4; n++) transport.worker(n).exit();
  expect(await rejection(ready)).toMatchObject({ code: "WORKER_START_FAILED" });
  expect(errors).toEqual([]);
});

it("leaves no timer behind when it is closed while it waits to try again", async () => {
  const { workers, transport, clock } = roster();
  workers.demand(1);
  transport.worker(1).up();
  for (let n = 2; n <= 4; n++) {
    workers.demand(1);
    transport.worker(n).exit();
  }
  await workers.shutdown(false);
  expect(clock.pending).toBe(0);
});

it("ends the wait for readiness when it is closed", async () => {
  const { workers, transport } = roster();
  const ready = workers.ready();
  const closed = workers.shutdown(false);
  expect(await rejection(ready)).toMatchObject({ code: "CLOSED" });
  await closed;
  expect(transport.worker(1)).toMatchObject({ killed: true, gone: true });
});

it("is closed when all its workers are gone, and starts none any more", async () => {
  const { workers, transport, clock } = roster();
  workers.demand(2);
  for (const link of transport.links) link.up();
  await workers.shutdown(false);
  expect(transport.links.every(({ dismissed, gone }) => dismissed && gone)).toBe(true);
  workers.demand(5);
  expect(transport.links).toHaveLength(2);
  expect(clock.pending).toBe(0);
});

it("kills instead of asking when it is told to, also those it had asked before", async () => {
  const { workers, transport, clock } = roster();
  workers.demand(2);
  transport.worker(1).up();
  transport.worker(2).up();
  transport.worker(1).stubborn = true;
  let isClosed = false;
  const asked = workers.shutdown(false).then(() => (isClosed = true));
  await turn();
  expect(isClosed).toBe(false);
  const killed = workers.shutdown(true);
  expect(transport.worker(1).killed).toBe(true);
  await clock.advance(5_000);
  await Promise.all([asked, killed]);
  expect(clock.pending).toBe(0);
});
