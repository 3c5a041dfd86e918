import { describe, expect, it } from "vitest";
import { Board, boardSlots } from "./board.ts";

/** The same memory, seen from both sides. */
function bothSides(): { caller: Board; worker: Board } {
  const caller = new Board();
  return { caller, worker: new Board(caller.buffer) };
}

describe("a slot", () => {
  it("goes from free to sent to started to free", () => {
    const { caller, worker } = bothSides();
    const turn = caller.send(3);
    expect(caller.hasStarted(3)).toBe(false);
    expect(worker.start(3, turn)).toBe(true);
    expect(caller.hasStarted(3)).toBe(true);
    caller.free(3);
    expect(caller.hasStarted(3)).toBe(false);
  });

  it("starts once", () => {
    const { caller, worker } = bothSides();
    const turn = caller.send(0);
    expect([worker.start(0, turn), worker.start(0, turn)]).toEqual([true, false]);
  });

  it("is either taken back or started, whichever comes first", () => {
    const { caller, worker } = bothSides();
    const first = caller.send(1);
    expect(caller.revoke(1)).toBe(true);
    expect(worker.start(1, first)).toBe(false);
    const second = caller.send(2);
    expect(worker.start(2, second)).toBe(true);
    expect(caller.revoke(2)).toBe(false);
    expect(caller.hasStarted(2)).toBe(true);
  });

  it("can be taken back once, and not while it is free", () => {
    const { caller } = bothSides();
    expect(caller.revoke(5)).toBe(false);
    caller.send(5);
    expect([caller.revoke(5), caller.revoke(5)]).toEqual([true, false]);
  });

  it("is not started by an order that was taken back, even when it is sent again meanwhile", () => {
    const { caller, worker } = bothSides();
    const first = caller.send(7);
    caller.revoke(7);
    const second = caller.send(7);
    expect(worker.start(7, first)).toBe(false);
    expect(caller.hasStarted(7)).toBe(false);
    expect(worker.start(7, second)).toBe(true);
  });

  it("is independent of all others", () => {
    const { caller } = bothSides();
    for (let slot = 0; slot < boardSlots; slot += 2) caller.start(slot, caller.send(slot));
    for (let slot = 0; slot < boardSlots; slot++)
      expect(caller.hasStarted(slot)).toBe(slot % 2 === 0);
  });
});

describe("the flag of a cancelled task", () => {
  it("is seen by that task and by none that has the slot later", () => {
    const { caller, worker } = bothSides();
    const first = caller.send(4);
    expect(worker.isCancelled(4, first)).toBe(false);
    caller.cancel(4);
    expect(worker.isCancelled(4, first)).toBe(true);
    caller.free(4);
    const second = caller.send(4);
    expect([worker.isCancelled(4, first), worker.isCancelled(4, second)]).toEqual([true, false]);
  });
});
