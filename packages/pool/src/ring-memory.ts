import { SlotValues, ValueKind } from "./slot-values.ts";

/** How many runs a worker can hold. A power of two. */
export const ringSlots = 1024;

const slotMask = ringSlots - 1;

/** Int32 cells that both ends write often, each on a cache line of its own. */
export const Header = { submitted: 0, completed: 16, asleep: 32, bell: 48 } as const;
const headerCells = 64;

/** Int32 cells of a slot. */
export const Cell = {
  state: 0,
  task: 1,
  wishes: 2,
  kind: 3,
  cancelled: 4,
  attempt: 5,
  window: 6,
} as const;
const slotCells = 8;

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
    return this.cells[cellsOf(slotOf(position)) + Cell.kind] as number;
  }

  /** The number beside a value: of the run, then its running time in milliseconds. */
  numberAt(position: Position): number {
    return this.values.readNumber(slotOf(position));
  }

  /** The value in the slot: the input, then the output. */
  valueAt(position: Position): unknown {
    const slot = slotOf(position);
    return this.values.read(slot, this.cells[cellsOf(slot) + Cell.kind] as number);
  }

  /** The number of the task. */
  task(position: Position): number {
    return this.cells[cellsOf(slotOf(position)) + Cell.task] as number;
  }

  wishes(position: Position): number {
    return this.cells[cellsOf(slotOf(position)) + Cell.wishes] as number;
  }

  attempt(position: Position): number {
    return this.cells[cellsOf(slotOf(position)) + Cell.attempt] as number;
  }

  /** How many items it may send before it is granted more. */
  window(position: Position): number {
    return this.cells[cellsOf(slotOf(position)) + Cell.window] as number;
  }

  /** Whether the input comes by message. */
  inMessage(position: Position): boolean {
    return this.cells[cellsOf(slotOf(position)) + Cell.kind] === ValueKind.message;
  }

  protected state(position: Position): number {
    return Atomics.load(this.cells, cellsOf(slotOf(position)) + Cell.state);
  }
}

export const slotOf = (position: Position): number => position & slotMask;

export const cellsOf = (slot: number): number => headerCells + slot * slotCells;
