import type { RunOptions } from "@quintet/core";
import { TaskRun } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { echo } from "../../test/fake-transport.ts";
import { Place } from "./place.ts";
import { Ring } from "../transport/ring.ts";
import type { WorkerHandle } from "./worker-handle.ts";
import { afterLoss } from "./worker-loss.ts";

/** What becomes of a run at a worker that is gone, each time it is asked. */
function lost(
  options: RunOptions,
  { started = true, sent = true, ...traits }: Partial<Place> & { started?: boolean } = {},
): { run: TaskRun; fate: () => ReturnType<typeof afterLoss> } {
  const owner = { name: "pool", abort() {} };
  const run = new TaskRun(owner, { method: "run", task: echo, input: 1 }, options);
  run.place = Object.assign(new Place(0, undefined), { sent, ...traits });
  const ring = new Ring();
  ring.put(0, { task: 0, attempt: 1, wishes: 0, window: 0, number: 0 }, 1, false);
  if (started) ring.start(0);
  const worker = { label: "fake 1", link: { ring } } as WorkerHandle;
  return { run, fate: () => afterLoss(run, worker, exit) };
}

const exit = { exitCode: 7, signal: "SIGKILL", stderr: "last words", error: new Error("crash") };
const hears = { thrown: expect.objectContaining({ code: "WORKER_LOST" }) as unknown };

describe("a run that had started", () => {
  it("hears all there is to know of the loss", () => {
    const { thrown } = lost({}).fate() as { thrown: Error };
    expect(thrown).toMatchObject({
      code: "WORKER_LOST",
      task: echo.id,
      worker: "fake 1",
      exitCode: 7,
      signal: "SIGKILL",
      stderr: "last words",
      cause: exit.error,
    });
    expect(thrown.message).toContain("(crash, exit code 7, signal SIGKILL)");
  });

  it("is started again as often as it may, and says which attempt it is", () => {
    const { run, fate } = lost({ retries: 2 });
    expect([1, 2].map(() => fate())).toEqual(["retried", "retried"]);
    expect(run.attempt).toBe(3);
    expect(fate()).toEqual(hears);
  });

  it("is not started again once items were handed over", () => {
    expect(lost({ retries: 2 }, { delivered: true }).fate()).toEqual(hears);
  });

  it("is not started again when what it was given moved with it", () => {
    expect(lost({ retries: 2, transfer: [{}] }).fate()).toEqual(hears);
  });

  it("ends with the reason of its cancel when that is why the worker was ended", () => {
    const { fate } = lost({ retries: 2 }, { killed: true, reason: "moved" });
    expect(fate()).toEqual({ thrown: "moved" });
  });
});

describe("a run that had not started", () => {
  it("moves, and that is no attempt", () => {
    const { run, fate } = lost({}, { started: false });
    expect(fate()).toBe("moved");
    expect(run.attempt).toBe(1);
  });

  it("moves with its buffers when they are still here", () => {
    const unsent = { started: false, sent: false };
    expect(lost({ transfer: [{}] }, unsent).fate()).toBe("moved");
    expect(lost({ transfer: [{}] }, { started: false }).fate()).toEqual(hears);
  });

  it("is given up when workers die again and again before they start it", () => {
    const { fate } = lost({}, { started: false });
    const fates = Array.from({ length: 6 }, () => fate());
    expect(fates).toEqual([...Array.from({ length: 5 }, () => "moved"), hears]);
  });
});
