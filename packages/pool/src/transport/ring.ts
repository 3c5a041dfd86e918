import {
  alike,
  Cell,
  cellOf,
  Header,
  isBefore,
  nextPosition,
  type Position,
  RingMemory,
  type RunOrder,
  slotOf,
  State,
} from "./ring-memory.ts";
import { ValueKind } from "../codec/slot-values.ts";

const Sleep = { awake: 0, listening: 1, parked: 2 } as const;

const Bell = { quiet: 0, rung: 1, blocked: 2 } as const;

/**
 * Shared memory in which a worker is given runs and answers: a ring of slots, walked by both ends in the same order.
 * Plain values travel in it, at a hundredth of the price of a message; other values by message, in the same order.
 *
 * The caller fills slots and moves `submitted` on; the worker starts, answers in the slot, and moves `completed` on.
 * So a result can be read the moment it is there, however long the next task blocks the worker; a run that has not
 * started can be taken back without asking; and after a crash it is certain who was running.
 * Each end says when it goes to sleep, and is sent a message only then.
 */
export class Ring extends RingMemory {
  #unheard = false;

  // The caller's end.

  /** Fills a slot; false when the input does not fit in it and has to follow by message. */
  put(position: Position, order: RunOrder, input: unknown, byMessage: boolean): boolean {
    const slot = slotOf(position);
    const cells = this.cells;
    const kind = byMessage ? ValueKind.message : this.values.write(slot, input);
    cells[cellOf(Cell.state, position)] = State.sent;
    cells[cellOf(Cell.kind, position)] = kind;
    cells[cellOf(Cell.task, position)] = order.task;
    cells[cellOf(Cell.wishes, position)] = order.wishes;
    this.uncancel(position);
    cells[cellOf(Cell.attempt, position)] = order.attempt;
    cells[cellOf(Cell.window, position)] = order.window;
    this.values.writeNumber(slot, order.number);
    return kind !== ValueKind.message;
  }

  /** Fills a slot with a run that is like the one put before; false when its input does not fit, and nothing is put. */
  putAlike(position: Position, input: unknown): boolean {
    const kind = this.values.write(slotOf(position), input);
    if (kind === ValueKind.message) return false;
    this.cells[cellOf(Cell.state, position)] = State.sent;
    this.cells[cellOf(Cell.kind, position)] = kind | alike;
    this.uncancel(position);
    return true;
  }

  /** Takes back that the input follows by message, before the worker can see the slot. */
  empty(position: Position): void {
    this.cells[cellOf(Cell.kind, position)] = ValueKind.undefined;
  }

  /** Lets the worker see what was put before `end`; true when it listens and has to be sent a message. */
  submit(end: Position): boolean {
    Atomics.store(this.cells, Header.submitted, end);
    return this.#wake() === Sleep.listening;
  }

  /** Wakes a worker that is parked: a message waits for it. */
  unpark(): void {
    if (Atomics.load(this.cells, Header.asleep) === Sleep.parked) this.#wake();
  }

  /** Takes a run back; false when it has started. The worker passes over its slot. */
  revoke(position: Position): boolean {
    const cell = cellOf(Cell.state, position);
    return Atomics.compareExchange(this.cells, cell, State.sent, State.revoked) === State.sent;
  }

  /**
   * Whether the worker has to be asked for a run that it may have started. `revoke` is sure of those only that were
   * never shown to it; of the others the link tells later which have come back.
   */
  get isDistant(): boolean {
    return false;
  }

  /** Whether it sees to it itself that no answer waits for long, where the worker is not to tell of each. */
  get looksItself(): boolean {
    return false;
  }

  /** Asks a distant worker for a run that it has not started. */
  recall(_position: Position): void {}

  /** Whether a distant worker was asked for runs and has not told yet which of them come back. */
  get isRecalling(): boolean {
    return false;
  }

  /** Whether the run was taken back. */
  isRevoked(position: Position): boolean {
    return this.state(position) === State.revoked;
  }

  /** Whether the run was started: it cannot be taken back. */
  hasStarted(position: Position): boolean {
    return this.state(position) >= State.started;
  }

  /** Whether the worker said that its function was called. */
  isRunning(position: Position): boolean {
    return this.state(position) === State.running;
  }

  /** Sets the flag that even a task which never yields can see. */
  cancel(position: Position): void {
    Atomics.store(this.cells, cellOf(Cell.cancelled, position), position);
  }

  /** The first position that is not completed. */
  get completed(): Position {
    return Atomics.load(this.cells, Header.completed);
  }

  /**
   * After all was read up to `read`: the bell may ring again, once all before `mark` are completed. False when there
   * is more to be read now.
   */
  hear(read: Position, mark: Position): boolean {
    Atomics.store(this.cells, Header.mark, mark);
    Atomics.store(this.cells, Header.bell, Bell.quiet);
    const { completed } = this;
    if (completed === read) return true;
    // One that went to sleep before the bell could ring does not ring any more.
    return isBefore(completed, mark) && Atomics.load(this.cells, Header.asleep) === Sleep.awake;
  }

  /** Blocks until something is completed after this position, or `limit` milliseconds have passed. */
  block(completed: Position, limit: number): void {
    Atomics.store(this.cells, Header.bell, Bell.blocked);
    if (this.completed === completed) Atomics.wait(this.cells, Header.bell, Bell.blocked, limit);
    this.hear(completed, nextPosition(completed));
  }

  /** Takes the flag of an earlier run out of a slot that is filled. */
  protected uncancel(position: Position): void {
    this.cells[cellOf(Cell.cancelled, position)] = ~position;
  }

  // The worker's end.

  /** The first position that is not submitted. */
  get submitted(): Position {
    return Atomics.load(this.cells, Header.submitted);
  }

  /** Starts a run; false when it was taken back. */
  start(position: Position): boolean {
    const cell = cellOf(Cell.state, position);
    return Atomics.compareExchange(this.cells, cell, State.sent, State.started) === State.sent;
  }

  /** Says that its function is called now. */
  run(position: Position): void {
    Atomics.store(this.cells, cellOf(Cell.state, position), State.running);
  }

  /** Whether the run was cancelled. */
  isCancelled(position: Position): boolean {
    const cell = cellOf(Cell.cancelled, position);
    return Atomics.load(this.cells, cell) === position;
  }

  /** Answers in the slot; false when the output does not fit in it and has to go by message. */
  write(position: Position, duration: number, output: unknown): boolean {
    const slot = slotOf(position);
    const kind = this.values.write(slot, output);
    if (kind === ValueKind.message) return false;
    this.values.writeNumber(slot, duration);
    this.cells[cellOf(Cell.kind, position)] = kind;
    return true;
  }

  /** Says that the answer goes by message. */
  writeMessage(position: Position): void {
    this.cells[cellOf(Cell.kind, position)] = ValueKind.message;
  }

  /** Moves on past a position. */
  complete(position: Position): void {
    Atomics.store(this.cells, Header.completed, nextPosition(position));
  }

  /**
   * Rings the bell, if all up to where the caller waits for is completed, or nothing more comes for a while. True when
   * the caller has to be sent a message, false when one is on its way.
   */
  ring(completed: Position, pausing: boolean = false): boolean {
    // Only the worker rings, so that a look is enough, which costs less than an exchange.
    const bell = Atomics.load(this.cells, Header.bell);
    // What was written before the bell is seen after it.
    const isEarly =
      bell === Bell.quiet && !pausing && isBefore(completed, this.cells[Header.mark] as number);
    this.#unheard = isEarly || bell === Bell.rung;
    if (this.#unheard) return false;
    const was = Atomics.exchange(this.cells, Header.bell, Bell.rung);
    if (was === Bell.blocked) Atomics.notify(this.cells, Header.bell);
    return was === Bell.quiet;
  }

  /** Something may be completed that the bell did not ring for, and could ring for now. */
  get unheard(): boolean {
    return this.#unheard && Atomics.load(this.cells, Header.bell) === Bell.quiet;
  }

  /** Rings for a caller that is blocked and sees no message. */
  alert(): void {
    if (Atomics.load(this.cells, Header.bell) === Bell.blocked) this.ring(0, true);
  }

  /** Says that the worker listens for messages; false when there is a run after all. */
  listen(position: Position): boolean {
    return this.#sleep(position, Sleep.listening);
  }

  /** Blocks until there is a run, or a message waits; false when `limit` milliseconds have passed. */
  park(position: Position, limit: number): boolean {
    if (!this.#sleep(position, Sleep.parked)) return true;
    // Not on `submitted`: a message does not move that on, and one that came before the wait would be missed.
    if (Atomics.wait(this.cells, Header.asleep, Sleep.parked, limit) !== "timed-out") return true;
    return this.#wake() === Sleep.awake;
  }

  #sleep(position: Position, how: number): boolean {
    Atomics.store(this.cells, Header.asleep, how);
    if (this.submitted === position && !this.unheard) return true;
    // Where the caller was faster it has sent a message too, which then finds nothing to do.
    Atomics.store(this.cells, Header.asleep, Sleep.awake);
    return false;
  }

  #wake(): number {
    const from = Atomics.exchange(this.cells, Header.asleep, Sleep.awake);
    if (from === Sleep.parked) Atomics.notify(this.cells, Header.asleep);
    return from;
  }
}
