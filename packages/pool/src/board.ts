const Slot = { free: 0, sent: 1, started: 2, revoked: 3 } as const;

/** Int32 cells of a slot: its state, and whether it is cancelled. */
const width = 2;

/** How many tasks a worker can hold. */
export const boardSlots = 64;

/**
 * Shared memory that says which of the tasks at a worker have started. A task that was sent ahead can be
 * taken back without asking, and after a crash it is certain who was running.
 *
 * A slot goes from free to sent (caller) to started (worker) to free; or from sent to revoked (caller) to free (worker).
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

  /** Caller: a task is on its way. */
  send(slot: number): void {
    Atomics.store(this.#cells, slot * width + 1, 0);
    Atomics.store(this.#cells, slot * width, Slot.sent);
  }

  /** Caller: takes a task back; false when it has started. */
  revoke(slot: number): boolean {
    return (
      Atomics.compareExchange(this.#cells, slot * width, Slot.sent, Slot.revoked) === Slot.sent
    );
  }

  /** Worker: starts a task; false when it was taken back, which frees the slot. */
  start(slot: number): boolean {
    const before = Atomics.compareExchange(this.#cells, slot * width, Slot.sent, Slot.started);
    if (before === Slot.revoked) Atomics.store(this.#cells, slot * width, Slot.free);
    return before === Slot.sent;
  }

  /** Caller: the task's report has come, or it never was sent. */
  free(slot: number): void {
    Atomics.store(this.#cells, slot * width, Slot.free);
  }

  isFree(slot: number): boolean {
    return Atomics.load(this.#cells, slot * width) === Slot.free;
  }

  /** Whether the task in the slot was started. */
  hasStarted(slot: number): boolean {
    return Atomics.load(this.#cells, slot * width) === Slot.started;
  }

  /** Caller: sets the flag that even a task which never yields can see. */
  cancel(slot: number): void {
    Atomics.store(this.#cells, slot * width + 1, 1);
  }

  isCancelled(slot: number): boolean {
    return Atomics.load(this.#cells, slot * width + 1) === 1;
  }
}
