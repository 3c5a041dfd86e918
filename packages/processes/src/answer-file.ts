import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nextPosition, type Position, ringSlots, slotOf } from "@quintet/pool/wire";
import { FrameContent } from "./frames.ts";
import { byMessage, readPlain } from "./slot-frames.ts";

/**
 * The slot of a position: its answer, then the start of the next position. So both go in one write. Each begins with
 * the complement of its position: memory that was never written, or for an earlier run, matches none.
 */
export const answerBytes = 60;
export const slotBytes = 64;

const fileBytes = ringSlots * slotBytes;

/** So many slots are read together at most. */
const together = 256;

/** Where such files may be: in memory, if there is a folder for that. */
const folders = (): string[] =>
  process.platform === "linux" ? ["/dev/shm", tmpdir()] : [tmpdir()];

/**
 * Memory that a child process writes its answers and starts into, and this one reads: a file without a name. Writing
 * there costs half of what writing to a pipe does and wakes nobody, and what was written outlives the child.
 */
export class AnswerFile {
  /** Its number in this process. */
  readonly descriptor: number;
  readonly #bytes = Buffer.allocUnsafe(together * slotBytes);
  #isOpen = true;

  /** *Errors*: none of the folders can be written. */
  constructor(within: readonly string[] = folders()) {
    this.descriptor = openNameless(within);
  }

  /**
   * Hands over the answers from `first` on, up to the first one that is not there. What is before `end` must have been
   * written for sure: what is written just now could be read in part.
   */
  read(
    first: Position,
    end: Position,
    take: (position: Position, duration: number, output: unknown) => void,
  ): void {
    for (let position = first; position !== end;) {
      const slot = slotOf(position);
      const count = Math.min((end - position) >>> 0, together, ringSlots - slot);
      this.#load(slot, count);
      for (let index = 0; index < count; index++, position = nextPosition(position)) {
        const at = index * slotBytes;
        const content = new FrameContent(this.#bytes, at, at + answerBytes);
        if (content.integer() !== ~position) return;
        const duration = content.number();
        const output = readPlain(content);
        if (output === byMessage) return;
        take(position, duration, output);
      }
    }
  }

  /** Whether it says that a run was started. */
  hasStarted(position: Position): boolean {
    this.#load(slotOf(position - 1), 1);
    return this.#bytes.readInt32LE(answerBytes) === ~position;
  }

  close(): void {
    if (this.#isOpen) closeSync(this.descriptor);
    this.#isOpen = false;
  }

  #load(slot: number, count: number): void {
    readSync(this.descriptor, this.#bytes, 0, count * slotBytes, slot * slotBytes);
  }
}

function openNameless(within: readonly string[]): number {
  let cause: unknown;
  for (const folder of within) {
    try {
      return openIn(folder);
    } catch (error) {
      cause ??= error;
    }
  }
  throw new Error(
    `No process can be started: there is no place for its answers in ${within.join(" or ")} ` +
      `(${String(cause)}). Set TMPDIR to a folder that can be written.`,
    { cause },
  );
}

function openIn(folder: string): number {
  const path = join(folder, `quintet-answers-${process.pid}-${randomUUID()}`);
  const file = openSync(path, "wx+", 0o600);
  try {
    unlinkSync(path);
    // Not a file with holes: a disk that is full must show now, not when there is an answer.
    const zeros = Buffer.alloc(fileBytes);
    for (let at = 0; at < fileBytes;) at += writeSync(file, zeros, at, fileBytes - at, at);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}
