const State = { free: 0, sent: 1, started: 2 } as const;

/** Int32 cells of a slot: whose turn it is and how far that is; and the turn that was cancelled. */
const width = 2;

/** A turn and its state share a cell: the state is in the lowest two bits. */
const stateBits = 2;
const stateMask = 3;
const mostTurns = 2 ** 29 - 1;

/** How many tasks a worker can hold. */
export const boardSlots = 64;

/**
 * Shared memory that says which of the tasks at a worker have started. A task that was sent ahead can be
 * taken back without asking, and after a crash it is certain who was running.
 *
 * A slot goes from free to sent (caller) to started (worker) to free (caller); or from sent back to free (caller).
 * Each task in it has a turn: an order that was taken back still arrives, and must not start the next task's slot.
 */
export class Board {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Int32Array;

  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(
      boardSlots * width * Int32Array.BYTES_PER_ELEMENT,
    ),
  ) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer);
  }

  /** Caller: a task is on its way; gives its turn, which counts from 1. */
  send(slot: number): number {
    const turn = ((this.#load(slot) >>> stateBits) % mostTurns) + 1;
    Atomics.store(this.#cells, slot * width, (turn << stateBits) | State.sent);
    return turn;
  }

  /** Caller: takes a task back; false when it has started. */
  revoke(slot: number): boolean {
    const cell = this.#load(slot);
    if ((cell & stateMask) !== State.sent) return false;
    return Atomics.compareExchange(this.#cells, slot * width, cell, cell & ~stateMask) === cell;
  }

  /** Worker: starts a task; false when it was taken back. */
  start(slot: number, turn: number): boolean {
    const sent = (turn << stateBits) | State.sent;
    const started = (turn << stateBits) | State.started;
    return Atomics.compareExchange(this.#cells, slot * width, sent, started) === sent;
  }

  /** Caller: the task's report has come, or it never was sent. */
  free(slot: number): void {
    Atomics.store(this.#cells, slot * width, this.#load(slot) & ~stateMask);
  }

  /** Whether the task in the slot was started. */
  hasStarted(slot: number): boolean {
    return (this.#load(slot) & stateMask) === State.started;
  }

  /** Caller: sets the flag that even a task which never yields can see. */
  cancel(slot: number): void {
    Atomics.store(this.#cells, slot * width + 1, this.#load(slot) >>> stateBits);
  }

  /** Whether the task that had this turn was cancelled, also when it is over. */
  isCancelled(slot: number, turn: number): boolean {
    return Atomics.load(this.#cells, slot * width + 1) === turn;
  }

  #load(slot: number): number {
    return Atomics.load(this.#cells, slot * width);
  }
}
