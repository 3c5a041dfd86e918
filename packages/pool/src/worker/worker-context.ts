import { RunContext } from "@quintet/core/kit";
import type { Board } from "../board.ts";

/** A context whose cancellation is seen on the board, even before the message about it can be read. */
export class WorkerContext extends RunContext {
  readonly #board: Board;
  readonly #slot: number;
  readonly #turn: number;

  constructor(
    id: string,
    attempt: number,
    report: (value: unknown) => void,
    board: Board,
    slot: number,
    turn: number,
  ) {
    super(id, attempt, report);
    this.#board = board;
    this.#slot = slot;
    this.#turn = turn;
  }

  override get cancelled(): boolean {
    return super.cancelled || this.#board.isCancelled(this.#slot, this.#turn);
  }
}
