import { Cell, cellOf, isBefore, type Position, Ring } from "@quintet/pool/wire";
import type { Claims } from "./claims.ts";
import { Frame, type FrameWriter } from "./frames.ts";
import type { Patience } from "./patience.ts";
import type { PlainAnswer, RecordWriter } from "./record-writer.ts";
import { writePlain } from "./slot-frames.ts";

/** So many answers are told together, where there are as many; each time half of what is there, where that is more. */
const together = 8;

/** What a ring in a child process writes to. */
export interface TaskRingPaths {
  readonly frames: FrameWriter;
  /** Sends the frames. */
  readonly flush: () => void;
  readonly records: RecordWriter;
}

/**
 * The end of a ring where tasks run, in a child process. What there is to tell is written before the next task may end
 * this process: then it is certain which one did. It goes in frames, or, while the pool is patient, into the file; of
 * that the frames tell before they tell anything else, so that all arrives in order.
 */
export class TaskRing extends Ring {
  readonly #claims: Claims;
  readonly #patience: Patience;
  readonly #frames: FrameWriter;
  readonly #flush: () => void;
  readonly #records: RecordWriter;
  /** The last answer, while that is neither in a frame nor in the file. */
  #answer: PlainAnswer | undefined;
  /** The run that is answered by message. */
  #byMessage: Position | undefined;
  /** Up to where the file was written, while no frame tells so. */
  #recorded: Position | undefined;
  /** The first run whose start is told in a frame again. */
  #mark: Position;

  constructor(
    buffer: SharedArrayBuffer,
    claims: Claims,
    patience: Patience,
    { frames, flush, records }: TaskRingPaths,
  ) {
    super(buffer);
    this.#claims = claims;
    this.#patience = patience;
    // Else new memory reads as if the first run had been cancelled.
    this.cells[cellOf(Cell.cancelled, 0)] = ~0;
    this.#frames = frames;
    this.#flush = flush;
    this.#records = records;
    this.#mark = this.submitted;
  }

  override submit(end: Position): boolean {
    const isListening = super.submit(end);
    this.#setMark();
    return isListening;
  }

  override start(position: Position): boolean {
    if (!this.#claims.start(position) || !super.start(position)) return false;
    if (this.#record(position)) return true;
    this.#tellStarted(position, 0);
    this.tell();
    return true;
  }

  override run(position: Position): void {
    super.run(position);
    this.#tellStarted(position, 1);
    this.tell();
  }

  override write(position: Position, duration: number, output: unknown): boolean {
    if (!super.write(position, duration, output)) return false;
    this.#answer = { position, duration, output };
    return true;
  }

  /** Its answer follows, or has just gone, by message. */
  override writeMessage(position: Position): void {
    super.writeMessage(position);
    this.#byMessage = position;
  }

  override complete(position: Position): void {
    super.complete(position);
    if (this.#answer?.position === position || this.#byMessage === position) return;
    this.#begin(Frame.passed);
    this.#frames.integer(position);
    this.#frames.end();
  }

  /** A message, which goes out with what is told next. */
  report(bytes: Uint8Array): void {
    this.#tellAnswer();
    this.#frames.whole(Frame.report, bytes);
  }

  /** Sends all that there is to tell. */
  tell(): void {
    this.#tellAnswer();
    this.#flush();
    this.#setMark();
  }

  /** There is no bell: what was written goes out before the next task starts, or when none is there. */
  override ring(_completed: Position, pausing: boolean = false): boolean {
    if (pausing) this.tell();
    return false;
  }

  /** What is in the file alone stands before a run that was started: there the pool is patient, or looks. */
  override get unheard(): boolean {
    return !this.#frames.isEmpty || this.#answer !== undefined;
  }

  override alert(): void {}

  /** The other thread may have heard that a run was cancelled before it is put here. */
  protected override uncancel(position: Position): void {
    const cell = cellOf(Cell.cancelled, position);
    const was = Atomics.load(this.cells, cell);
    if (was !== position) Atomics.compareExchange(this.cells, cell, was, ~position);
  }

  /** Writes the last answer and the start of this run into the file; false when frames have to tell. */
  #record(start: Position): boolean {
    const isQuiet = isBefore(start, this.#mark) && this.#patience.lasts && this.#frames.isEmpty;
    if (!isQuiet || !this.#records.write(start, this.#answer)) return false;
    if (this.#answer) this.#recorded = start;
    this.#answer = undefined;
    this.#patience.written(start);
    if (!this.#patience.lasts) this.tell();
    return true;
  }

  #tellAnswer(): void {
    const frames = this.#frames;
    if (this.#recorded !== undefined) {
      frames.begin(Frame.recorded);
      frames.integer(this.#recorded);
      frames.end();
      this.#recorded = undefined;
    }
    if (!this.#answer) return;
    const { position, duration, output } = this.#answer;
    this.#answer = undefined;
    frames.begin(Frame.answer);
    frames.integer(position);
    frames.number(duration);
    writePlain(frames, output);
    frames.end();
  }

  #begin(kind: number): void {
    this.#tellAnswer();
    this.#frames.begin(kind);
  }

  #tellStarted(position: Position, isRunning: number): void {
    this.#begin(Frame.started);
    this.#frames.integer(position);
    this.#frames.byte(isRunning);
    this.#frames.end();
  }

  #setMark(): void {
    const { completed, submitted } = this;
    this.#mark = (completed + Math.max(together, ((submitted - completed) | 0) >> 1)) | 0;
  }
}
