import { Cell, cellOf, type Position, Ring } from "@quintet/pool";
import type { Claims } from "./claims.ts";
import { Frame, type FrameWriter } from "./frames.ts";
import { writePlain } from "./slot-frames.ts";

/**
 * The end of a ring where tasks run, in a child process. What there is to tell is written before the next task may end
 * this process: then it is certain which one did.
 */
export class TaskRing extends Ring {
  readonly #claims: Claims;
  readonly #frames: FrameWriter;
  readonly #flush: () => void;
  /** The run whose answer was written in its slot. */
  #answered: Position | undefined;

  constructor(buffer: SharedArrayBuffer, claims: Claims, frames: FrameWriter, flush: () => void) {
    super(buffer);
    this.#claims = claims;
    // Else new memory reads as if the first run had been cancelled.
    this.cells[cellOf(Cell.cancelled, 0)] = ~0;
    this.#frames = frames;
    this.#flush = flush;
  }

  override start(position: Position): boolean {
    if (!this.#claims.start(position) || !super.start(position)) return false;
    this.#tellStarted(position, 0);
    this.#flush();
    return true;
  }

  override run(position: Position): void {
    super.run(position);
    this.#tellStarted(position, 1);
    this.#flush();
  }

  override write(position: Position, duration: number, output: unknown): boolean {
    if (!super.write(position, duration, output)) return false;
    const frames = this.#frames;
    frames.begin(Frame.answer);
    frames.integer(position);
    frames.number(duration);
    writePlain(frames, output);
    frames.end();
    this.#answered = position;
    return true;
  }

  /** Its answer follows, or has just gone, by message. */
  override writeMessage(position: Position): void {
    super.writeMessage(position);
    this.#answered = position;
  }

  override complete(position: Position): void {
    super.complete(position);
    if (this.#answered === position) return;
    this.#frames.begin(Frame.passed);
    this.#frames.integer(position);
    this.#frames.end();
  }

  /** There is no bell: what was written goes out before the next task starts, or when none is there. */
  override ring(_completed: Position, pausing: boolean = false): boolean {
    if (pausing) this.#flush();
    return false;
  }

  override get unheard(): boolean {
    return !this.#frames.isEmpty;
  }

  override alert(): void {}

  /** The other thread may have heard that a run was cancelled before it is put here. */
  protected override uncancel(position: Position): void {
    const cell = cellOf(Cell.cancelled, position);
    const was = Atomics.load(this.cells, cell);
    if (was !== position) Atomics.compareExchange(this.cells, cell, was, ~position);
  }

  #tellStarted(position: Position, isRunning: number): void {
    this.#frames.begin(Frame.started);
    this.#frames.integer(position);
    this.#frames.byte(isRunning);
    this.#frames.end();
  }
}
