/** What is sent between a pool and a child process: frames of a size, a kind and a content. Numbers are little endian. */
export const Frame = {
  /** To the child: runs, one after the other; a message for its tasks; a run that is asked back; a cancelled run. */
  runs: 1,
  order: 2,
  recall: 3,
  cancel: 4,
  /** To its other thread: the pool is patient no longer. */
  look: 10,
  /** From the child: a run was started; its answer; it was passed over; a message; what was asked for and is given back. */
  started: 5,
  answer: 6,
  passed: 7,
  report: 8,
  returned: 9,
  /** Up to where its file was written: on the way of the answers, and from the other thread. */
  recorded: 11,
} as const;

const sizeBytes = 4;
const headBytes = sizeBytes + 1;

/** The frames are gathered in pieces of memory of this size. */
const slabSize = 65_536;

/** What is as large as this is not copied there. */
const largeContent = 4_096;

/** Gathers frames, so that many go out in one write. */
export class FrameWriter {
  #slab: Buffer = Buffer.allocUnsafe(0);
  /** Where in it what was not taken yet begins and ends, and where the frame begins that is being written. */
  #start = 0;
  #end = 0;
  #frame = 0;
  /** What comes before that. */
  #parts: Uint8Array[] = [];

  /** Whether there is anything to be sent. */
  get isEmpty(): boolean {
    return this.#start === this.#end && this.#parts.length === 0;
  }

  /** Begins a frame. */
  begin(kind: number): void {
    this.#reserve(headBytes);
    this.#frame = this.#end;
    this.#slab[this.#end + sizeBytes] = kind;
    this.#end += headBytes;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#slab[this.#end++] = value;
  }

  integer(value: number): void {
    this.#reserve(4);
    this.#end = this.#slab.writeInt32LE(value, this.#end);
  }

  number(value: number): void {
    this.#reserve(8);
    this.#end = this.#slab.writeDoubleLE(value, this.#end);
  }

  /** A string of less than 256 code units. */
  text(value: string): void {
    this.byte(value.length);
    this.#reserve(2 * value.length);
    this.#end += this.#slab.write(value, this.#end, "utf16le");
  }

  /** Leaves out what is missing to so many bytes. */
  fill(length: number): void {
    const missing = length - (this.#end - this.#start);
    this.#reserve(missing);
    this.#end += missing;
  }

  /** Ends the frame. */
  end(): void {
    this.#slab.writeUInt32LE(this.#end - this.#frame - headBytes, this.#frame);
  }

  /** A whole frame, of a content that is there already, and is this writer's from now on. */
  whole(kind: number, content: Uint8Array): void {
    const isLarge = content.length >= largeContent;
    this.#reserve(headBytes + (isLarge ? 0 : content.length));
    this.begin(kind);
    this.#slab.writeUInt32LE(content.length, this.#frame);
    if (isLarge) {
      this.#close();
      this.#parts.push(content);
    } else {
      this.#slab.set(content, this.#end);
      this.#end += content.length;
    }
  }

  /** Takes what was gathered, in the order it is to be sent. The bytes are the caller's. */
  take(): readonly Uint8Array[] {
    this.#close();
    const taken = this.#parts;
    this.#parts = [];
    return taken;
  }

  /** Hands over what was gathered, piece by piece; the bytes are written over afterwards. */
  flush(write: (bytes: Uint8Array) => void): void {
    for (const bytes of this.take()) write(bytes);
    this.#start = this.#end = 0;
  }

  #close(): void {
    if (this.#start === this.#end) return;
    this.#parts.push(this.#slab.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }

  #reserve(count: number): void {
    if (this.#end + count <= this.#slab.length) return;
    const kept = this.#end - this.#start;
    const slab = Buffer.allocUnsafeSlow(Math.max(slabSize, 2 * kept + count));
    this.#slab.copy(slab, 0, this.#start, this.#end);
    this.#slab = slab;
    this.#frame -= this.#start;
    this.#start = 0;
    this.#end = kept;
  }
}

/** The content of a frame, read from its beginning. */
export class FrameContent {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get isOver(): boolean {
    return this.#at >= this.#end;
  }

  byte(): number {
    return this.#bytes[this.#at++] as number;
  }

  integer(): number {
    const value = this.#bytes.readInt32LE(this.#at);
    this.#at += 4;
    return value;
  }

  number(): number {
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  text(): string {
    const length = 2 * this.byte();
    const value = this.#bytes.toString("utf16le", this.#at, this.#at + length);
    this.#at += length;
    return value;
  }

  /** All that is left, in the memory of the frame. */
  rest(): Buffer {
    const rest = this.#bytes.subarray(this.#at, this.#end);
    this.#at = this.#end;
    return rest;
  }
}

/**
 * Finds frames in bytes that arrive in pieces of any size. Each byte is copied at most once, however many pieces a
 * large frame comes in.
 */
export class FrameReader {
  readonly #take: (kind: number, content: FrameContent) => void;
  /** What has arrived of a frame that is not whole yet. */
  #partial: Buffer | undefined;
  #filled = 0;

  constructor(take: (kind: number, content: FrameContent) => void) {
    this.#take = take;
  }

  /** Takes the next bytes; the frames that are whole now are handed over. */
  push(piece: Buffer): void {
    let rest = piece;
    while (this.#partial && rest.length > 0) rest = this.#fill(rest);
    let at = 0;
    while (rest.length - at >= headBytes) {
      const end = at + headBytes + rest.readUInt32LE(at);
      if (end > rest.length) break;
      this.#handOver(rest, at, end);
      at = end;
    }
    if (at < rest.length) this.#keep(rest.subarray(at));
  }

  #handOver(bytes: Buffer, start: number, end: number): void {
    const content = new FrameContent(bytes, start + headBytes, end);
    this.#take(bytes[start + sizeBytes] as number, content);
  }

  /** Begins a frame that is not whole. */
  #keep(start: Buffer): void {
    const known = start.length >= headBytes;
    this.#partial = Buffer.allocUnsafe(known ? headBytes + start.readUInt32LE(0) : headBytes);
    this.#filled = start.copy(this.#partial);
  }

  /** Goes on with it; gives the bytes behind it. */
  #fill(piece: Buffer): Buffer {
    const partial = this.#partial as Buffer;
    const taken = piece.copy(partial, this.#filled);
    this.#filled += taken;
    if (this.#filled === partial.length) {
      this.#partial = undefined;
      const isHead = partial.length === headBytes && partial.readUInt32LE(0) > 0;
      if (isHead) this.#keep(partial);
      else this.#handOver(partial, 0, partial.length);
    }
    return piece.subarray(taken);
  }
}
