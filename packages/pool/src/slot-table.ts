import { type Board, boardSlots } from "./board.ts";

/** The slots of one worker's board: who holds which, and which may be given out. */
export class SlotTable<Holder> {
  readonly #board: Board;
  readonly #holders: (Holder | undefined)[] = Array.from({ length: boardSlots }, () => undefined);
  readonly #free: number[] = Array.from(
    { length: boardSlots },
    (_, index) => boardSlots - 1 - index,
  );

  constructor(board: Board) {
    this.#board = board;
  }

  holder(slot: number): Holder | undefined {
    return this.#holders[slot];
  }

  get hasFree(): boolean {
    return this.#free.length > 0;
  }

  /** Gives out a slot, for a turn; there must be one. */
  take(holder: (slot: number, turn: number) => Holder): Holder {
    const slot = this.#free.pop();
    if (slot === undefined) throw new Error("A worker was given more runs than it has slots.");
    const taken = holder(slot, this.#board.send(slot));
    this.#holders[slot] = taken;
    return taken;
  }

  /** The worker is done with it. */
  free(slot: number): void {
    this.#holders[slot] = undefined;
    this.#board.free(slot);
    this.#free.push(slot);
  }

  /** Takes it back from the worker; false when its task has started. */
  revoke(slot: number): boolean {
    if (!this.#board.revoke(slot)) return false;
    this.#holders[slot] = undefined;
    this.#free.push(slot);
    return true;
  }
}
