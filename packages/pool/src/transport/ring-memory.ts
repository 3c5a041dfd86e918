import { SlotValues, ValueKind } from "../codec/slot-values.ts";

/** How many runs a worker can hold. A power of two. */
export const ringSlots = 4096;

const slotMask = ringSlots - 1;

/** Int32 cells that both ends write often, each on a cache line of its own; bell and mark are written together. */
export const Header = { submitted: 0, completed: 16, asleep: 32, bell: 48, mark: 49 } as const;
const headerCells = 64;

/** Int32 cells of a slot. Those of one name stand together for all slots: who walks along the ring reads few lines. */
export const Cell = {
  state: 0,
  kind: 1,
  task: 2,
  wishes: 3,
  cancelled: 4,
  attempt: 5,
  window: 6,
} as const;
const slotCells = 7;

/** Added to the kind: it is the same task as the run before, with the next number, and asks for nothing. */
export const alike = 256;

/** Started is what has left the queue; running, a task whose function was called. */
export const State = { sent: 0, revoked: 1, started: 2, running: 3 } as const;

const headBytes = (headerCells + ringSlots * slotCells) * Int32Array.BYTES_PER_ELEMENT;

/** What a worker is told of a run, beside its input. */
export interface RunOrder {
  readonly task: number;
  readonly attempt: number;
  readonly wishes: number;
  /** How many items it may send before it is granted more. */
  readonly window: number;
  /** Makes its id, with the executor's name. */
  readonly number: number;
}

/** Where a run stands in a ring: runs count up, and wrap around at 2^31. */
export type Position = number;

/** The position after this one. */
export function nextPosition(position: Position): Position {
  return (position + 1) | 0;
}

/** Whether a position comes before another one, of which it is less than 2^31 away. */
export function isBefore(position: Position, other: Position): boolean {
  return ((position - other) | 0) < 0;
}

/** The shared memory of a ring: what stands where. */
export class RingMemory {
  readonly buffer: SharedArrayBuffer;
  protected readonly cells: Int32Array;
  protected readonly values: SlotValues;

  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(headBytes + SlotValues.bytes(ringSlots)),
  ) {
    this.buffer = buffer;
    this.cells = new Int32Array(buffer, 0, headerCells + ringSlots * slotCells);
    this.values = new SlotValues(buffer, headBytes, ringSlots);
  }

  /** How the run at a completed position answered. */
  answer(position: Position): number {
    return this.cells[cellOf(Cell.kind, position)] as number;
  }

  /** The number beside a value: of the run, then its running time in milliseconds. */
  numberAt(position: Position): number {
    return this.values.readNumber(slotOf(position));
  }

  /** The value in the slot: the input, then the output. */
  valueAt(position: Position): unknown {
    return this.values.read(slotOf(position), this.answer(position) & ~alike);
  }

  /**
   * Reads the values and the running times of so many positions, but none from one on that answered by message.
   * Gives how many it read.
   */
  readSome(first: Position, count: number, values: unknown[], durations: Float64Array): number {
    for (let index = 0; index < count; index++) {
      const kind = this.answer(first + index);
      if (kind === ValueKind.message) return index;
      const slot = slotOf(first + index);
      durations[index] = this.values.readNumber(slot);
      values[index] = this.values.read(slot, kind);
    }
    return count;
  }

  /** The number of the task. */
  task(position: Position): number {
    return this.cells[cellOf(Cell.task, position)] as number;
  }

  /** Whether it is like the one before: what else is told of a run is not there. */
  isAlike(position: Position): boolean {
    return (this.answer(position) & alike) !== 0;
  }

  wishes(position: Position): number {
    return this.cells[cellOf(Cell.wishes, position)] as number;
  }

  attempt(position: Position): number {
    return this.cells[cellOf(Cell.attempt, position)] as number;
  }

  /** How many items it may send before it is granted more. */
  window(position: Position): number {
    return this.cells[cellOf(Cell.window, position)] as number;
  }

  /** Whether the input comes by message. */
  inMessage(position: Position): boolean {
    return this.answer(position) === ValueKind.message;
  }

  protected state(position: Position): number {
    return Atomics.load(this.cells, cellOf(Cell.state, position));
  }
}

export const slotOf = (position: Position): number => position & slotMask;

export const cellOf = (cell: number, position: Position): number =>
  headerCells + cell * ringSlots + slotOf(position);
