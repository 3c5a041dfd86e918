import { expect, it } from "vitest";
import { Board, boardSlots } from "./board.ts";
import { SlotTable } from "./slot-table.ts";

interface Holder {
  readonly slot: number;
  readonly turn: number;
}

const holder = (slot: number, turn: number): Holder => ({ slot, turn });

it("gives out every slot once, and says when there is none", () => {
  const table = new SlotTable<Holder>(new Board());
  const slots = Array.from({ length: boardSlots }, () => table.take(holder).slot);
  expect(new Set(slots).size).toBe(boardSlots);
  expect(table.hasFree).toBe(false);
  expect(() => table.take(holder)).toThrow("more runs than it has slots");
});

it("knows who holds a slot until it is freed", () => {
  const table = new SlotTable<Holder>(new Board());
  const taken = table.take(holder);
  expect(table.holder(taken.slot)).toBe(taken);
  table.free(taken.slot);
  expect(table.holder(taken.slot)).toBeUndefined();
});

it("can give out a slot that was taken back at once, for another turn", () => {
  const board = new Board();
  const table = new SlotTable<Holder>(board);
  const first = table.take(holder);
  expect(table.revoke(first.slot)).toBe(true);
  const second = table.take(holder);
  expect(second.slot).toBe(first.slot);
  expect(board.start(first.slot, first.turn)).toBe(false);
  expect(board.start(second.slot, second.turn)).toBe(true);
});

it("keeps a slot whose task has started", () => {
  const board = new Board();
  const table = new SlotTable<Holder>(board);
  const taken = table.take(holder);
  board.start(taken.slot, taken.turn);
  expect(table.revoke(taken.slot)).toBe(false);
  expect(table.holder(taken.slot)).toBe(taken);
});
