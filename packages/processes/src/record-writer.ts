import { writeSync } from "node:fs";
import { type Position, slotOf } from "@quintet/pool/wire";
import { answerBytes, slotBytes } from "./answer-file.ts";
import { FrameWriter } from "./frames.ts";
import { writePlain } from "./slot-frames.ts";

/** UTF-16 code units of an answer, beside its position, its duration, and its own kind and length. */
export const longestRecorded: number = (answerBytes - 4 - 8 - 2) / 2;

/** An answer that fits in its slot of the ring. */
export interface PlainAnswer {
  readonly position: Position;
  readonly duration: number;
  readonly output: unknown;
}

/** Writes into the file of a child process. */
export class RecordWriter {
  readonly #file: number;
  readonly #record = new FrameWriter();
  #works = true;

  constructor(file: number) {
    this.#file = file;
  }

  /**
   * Writes that a run starts, and the answer of the one before where that is still to be told; false when it has to be
   * told in another way.
   */
  write(start: Position, answer: PlainAnswer | undefined): boolean {
    if (!this.#works || (answer && !fits(answer.output))) return false;
    const record = this.#record;
    if (answer) {
      record.integer(~answer.position);
      record.number(answer.duration);
      writePlain(record, answer.output);
      record.fill(answerBytes);
    }
    record.integer(~start);
    const at = slotOf(start - 1) * slotBytes + (answer ? 0 : answerBytes);
    record.flush((bytes) => (this.#works = this.#put(bytes, at)));
    return this.#works;
  }

  /** A disk that copies what is written over may be full after all; there is still the pipe. */
  #put(bytes: Uint8Array, at: number): boolean {
    try {
      return writeSync(this.#file, bytes, 0, bytes.length, at) === bytes.length;
    } catch {
      return false;
    }
  }
}

const fits = (output: unknown): boolean =>
  typeof output !== "string" || output.length <= longestRecorded;
