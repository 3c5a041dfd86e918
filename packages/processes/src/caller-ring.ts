import type { Clock } from "@quintet/core/kit";
import { isBefore, nextPosition, type Position, Ring } from "@quintet/pool/wire";
import type { AnswerFile } from "./answer-file.ts";
import { Frame, type FrameContent, type FrameWriter } from "./frames.ts";
import { byMessage, Mark, readPlain, writePlain } from "./slot-frames.ts";

/** Milliseconds that an answer may be in the file before it is looked for. */
const mostPatience = 1;

/** What a ring writes to and reads from. */
export interface CallerRingPaths {
  /** For the thread of the tasks. */
  readonly frames: FrameWriter;
  /** For the other one. */
  readonly recalls: FrameWriter;
  /** Sends both, now or after this turn. */
  readonly flush: (now: boolean) => void;
  readonly answers: AnswerFile;
  readonly clock: Clock;
  /** Calls back when the event loop has turned. */
  readonly soon: (call: () => void) => void;
}

/**
 * The caller's end of a ring whose worker is in another process. The memory is not shared: what is put here goes out
 * in frames, and what the worker tells is put here when its frames arrive. Where it is to tell of several answers
 * together, it writes them into a file, and they are read when it tells so; they are looked for when that takes long.
 */
export class CallerRing extends Ring {
  readonly #frames: FrameWriter;
  readonly #recalls: FrameWriter;
  readonly #flush: (now: boolean) => void;
  /** Up to where runs went out. */
  #sent: Position;
  /** How often runs were asked for without an answer yet. */
  #asked = 0;
  /** Whether the worker may tell of several answers together; the number of the present patience. */
  #isPatient = false;
  #patience = 1;
  /** What was completed when the wait for answers began; nothing while there is none. */
  #waitsFrom: Position | undefined;
  readonly #answers: AnswerFile;
  /** Up to where that was written, as far as is known. */
  #recorded: Position;
  readonly #clock: Clock;
  readonly #soon: (call: () => void) => void;

  constructor({ frames, recalls, flush, answers, clock, soon }: CallerRingPaths) {
    super();
    this.#frames = frames;
    this.#recalls = recalls;
    this.#flush = flush;
    this.#answers = answers;
    this.#recorded = this.completed;
    this.#clock = clock;
    this.#soon = soon;
    this.#sent = this.submitted;
  }

  override get isDistant(): boolean {
    return true;
  }

  override get looksItself(): boolean {
    return true;
  }

  /** Puts what is new into a frame. The worker looks by itself. */
  override submit(end: Position): boolean {
    if (end === this.#sent) return false;
    const frames = this.#frames;
    frames.begin(Frame.runs);
    frames.integer(this.#isPatient ? this.#patience : 0);
    frames.integer(this.#sent);
    for (let position = this.#sent; position !== end; position = nextPosition(position))
      this.#write(position);
    frames.end();
    this.#sent = end;
    super.submit(end);
    this.#flush(true);
    if (this.#isPatient && this.#waitsFrom === undefined) this.#wait();
    return false;
  }

  override hear(read: Position, mark: Position): boolean {
    this.#isPatient = mark !== nextPosition(read);
    return super.hear(read, mark);
  }

  /** Only what did not go out is sure not to have started. */
  override revoke(position: Position): boolean {
    return this.#isOut(position) ? false : super.revoke(position);
  }

  override recall(position: Position): void {
    this.#asked++;
    this.#tell(Frame.recall, position);
  }

  override get isRecalling(): boolean {
    return this.#asked > 0;
  }

  /** So often it was said whether a run comes back. */
  recalled(times: number): void {
    this.#asked -= times;
  }

  override cancel(position: Position): void {
    super.cancel(position);
    this.#tell(Frame.cancel, position);
  }

  /** The worker has started a run, and where it was asked to tell of that, has called its function. */
  begun(content: FrameContent): void {
    const position = content.integer();
    super.start(position);
    if (content.byte() === 1) super.run(position);
  }

  /** The worker has an answer, or passed a run over that was taken back. */
  answered(content: FrameContent): void {
    const position = content.integer();
    const duration = content.number();
    super.write(position, duration, readPlain(content));
    super.complete(position);
  }

  passed(position: Position): void {
    super.complete(position);
  }

  /** The worker has written its answers before a position into the file, or has told of them. */
  recorded(end: Position): void {
    if (isBefore(this.#recorded, end)) this.#recorded = end;
    this.catchUp();
  }

  /** Its other thread says so, and may be earlier with it than what was told of the answers before these. */
  seen(end: Position): void {
    this.recorded(end);
    const { completed } = this;
    if (completed === end && this.#answers.hasStarted(end)) super.start(end);
  }

  /** Reads what it has written. */
  catchUp(): void {
    const { completed } = this;
    if (isBefore(completed, this.#recorded)) this.#read(completed, this.#recorded);
    // Else this would be ahead again, once positions have wrapped around.
    else this.#recorded = completed;
  }

  /** Reads what it had written when it ended. */
  readLast(): void {
    this.#read(this.completed, this.#sent);
    const { completed } = this;
    if (completed !== this.#sent && this.#answers.hasStarted(completed)) super.start(completed);
  }

  /** The answer comes by message. */
  answeredByMessage(position: Position): void {
    super.writeMessage(position);
    super.complete(position);
  }

  #isOut(position: Position): boolean {
    return isBefore(position, this.#sent);
  }

  #read(first: Position, end: Position): void {
    this.#answers.read(first, end, (position, duration, output) => {
      super.write(position, duration, output);
      super.complete(position);
    });
  }

  #wait(): void {
    this.#waitsFrom = this.completed;
    // Where this thread was blocked, what came meanwhile is read after the timers.
    const look = (): void => this.#soon(this.#look);
    this.#clock.after(mostPatience, look, { background: true });
  }

  /** Where nothing came meanwhile, a long run may be in the way: those that are out are told of one by one. */
  readonly #look = (): void => {
    const from = this.#waitsFrom;
    this.#waitsFrom = undefined;
    const { completed } = this;
    if (completed === this.#sent) return;
    if (completed !== from) return this.#wait();
    this.#isPatient = false;
    this.#tell(Frame.look, this.#patience);
    this.#patience = (this.#patience + 1) | 0;
  };

  #tell(kind: number, position: Position): void {
    this.#recalls.begin(kind);
    this.#recalls.integer(position);
    this.#recalls.end();
    this.#flush(false);
  }

  #write(position: Position): void {
    const frames = this.#frames;
    const isAlike = this.isAlike(position);
    // One that was taken back keeps its place, or all behind it would stand elsewhere there.
    frames.byte((isAlike ? Mark.alike : 0) | (this.isRevoked(position) ? Mark.revoked : 0));
    if (!isAlike) {
      frames.integer(this.task(position));
      frames.byte(this.wishes(position));
      frames.integer(this.attempt(position));
      frames.integer(this.window(position));
      frames.number(this.numberAt(position));
    }
    writePlain(frames, this.inMessage(position) ? byMessage : this.valueAt(position));
  }
}
