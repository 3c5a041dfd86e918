import type { RunOptions } from "@quintet/core";
import { TaskRun } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { echo } from "../test/fake-transport.ts";
import type { Assignment } from "./assignment.ts";
import { Board } from "./board.ts";
import { newPlace, type Place } from "./place.ts";
import type { WorkerHandle } from "./worker-handle.ts";
import { afterLoss } from "./worker-loss.ts";

/** A run at a worker that is gone. */
function lost(
  options: RunOptions,
  {
    started = true,
    sent = true,
    ...place
  }: Partial<Place> & { started?: boolean; sent?: boolean } = {},
): Assignment {
  const owner = { abort() {} };
  const request = { task: echo, input: 1, options, patient: false, observed: false };
  const run = new TaskRun(owner, request, "pool", "run-1");
  run.place = { ...newPlace(0, { value: run }), ...place };
  const board = new Board();
  const turn = board.send(0);
  if (started) board.start(0, turn);
  const worker = { label: "fake 1", link: { board } } as WorkerHandle;
  return { run, worker, slot: 0, turn, tellsStart: false, sent };
}

const exit = { exitCode: 7, signal: "SIGKILL", stderr: "last words", error: new Error("crash") };
const hears = { thrown: expect.objectContaining({ code: "WORKER_LOST" }) as unknown };

describe("a run that had started", () => {
  it("hears all there is to know of the loss", () => {
    const fate = afterLoss(lost({}), exit) as { thrown: Error };
    expect(fate.thrown).toMatchObject({
      code: "WORKER_LOST",
      task: echo.id,
      worker: "fake 1",
      exitCode: 7,
      signal: "SIGKILL",
      stderr: "last words",
      cause: exit.error,
    });
    expect(fate.thrown.message).toContain("(crash, exit code 7, signal SIGKILL)");
  });

  it("is started again as often as it may, and says which attempt it is", () => {
    const assignment = lost({ retries: 2 });
    expect([1, 2].map(() => afterLoss(assignment, exit))).toEqual(["retried", "retried"]);
    expect(assignment.run.attempt).toBe(3);
    expect(afterLoss(assignment, exit)).toEqual(hears);
  });

  it("is not started again once items were handed over", () => {
    expect(afterLoss(lost({ retries: 2 }, { delivered: true }), exit)).toEqual(hears);
  });

  it("is not started again when what it was given moved with it", () => {
    expect(afterLoss(lost({ retries: 2, transfer: [{}] }), exit)).toEqual(hears);
  });

  it("ends with the reason of its cancel when that is why the worker was ended", () => {
    const fate = afterLoss(lost({ retries: 2 }, { killed: true, reason: "moved" }), exit);
    expect(fate).toEqual({ thrown: "moved" });
  });
});

describe("a run that had not started", () => {
  it("moves, and that is no attempt", () => {
    const assignment = lost({}, { started: false });
    expect(afterLoss(assignment, exit)).toBe("moved");
    expect(assignment.run.attempt).toBe(1);
  });

  it("moves with its buffers when they are still here", () => {
    const unsent = { started: false, sent: false };
    expect(afterLoss(lost({ transfer: [{}] }, unsent), exit)).toBe("moved");
    expect(afterLoss(lost({ transfer: [{}] }, { started: false }), exit)).toEqual(hears);
  });

  it("is given up when workers die again and again before they start it", () => {
    const assignment = lost({}, { started: false });
    const fates = Array.from({ length: 6 }, () => afterLoss(assignment, exit));
    expect(fates).toEqual([...Array.from({ length: 5 }, () => "moved"), hears]);
  });
});
